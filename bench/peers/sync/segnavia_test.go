//go:build bench

package peers_sync_bench

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"segnavia/bench/program"
	"segnavia/load"
)

// outcome is what table.mjs reads; memory in bytes, processor in cores.
type outcome struct {
	load.Figures
	FirstRows       int     `json:"firstRows"`
	FirstSeconds    float64 `json:"firstSeconds"`
	FirstBytes      int64   `json:"firstBytes"`
	MemoryIdle      float64 `json:"memoryIdle"`
	MemoryPerClient float64 `json:"memoryPerClient"`
	MemoryAfter     float64 `json:"memoryAfterWrites"`
	CPUServer       float64 `json:"cpuServer"`
	CPUClients      float64 `json:"cpuClients"`
}

func number(name string, otherwise float64) float64 {
	if n, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return n
	}
	return otherwise
}

// TestSegnavia does the peers' work: as many teams and cases, the same rate,
// moves and day offline. CLIENTS, SECONDS_OF_WRITES, RATE, CASES (a team's), AWAY and
// OFFLINE scale it; OUT is the file for the table.
func TestSegnavia(t *testing.T) {
	p, site := town(t)
	var o outcome
	clients := int(number("CLIENTS", 200))
	plan := load.SyncPlan{
		Sockets: clients, Idle: 10 * time.Second, Cases: int(number("CASES", 100)), Service: "strade.buca", At: [2]float64{8.93, 44.41},
		Rate: number("RATE", 100), Moves: 0.1, For: time.Duration(number("SECONDS_OF_WRITES", 60) * float64(time.Second)),
		Away: int(number("AWAY", 50)), Offline: int(number("OFFLINE", 200)), Seed: 1, Figures: &o.Figures,
	}
	var atRest, idle, us cost
	plan.Seeded = func() {
		o.first(t, site)
		time.Sleep(2 * time.Second)
		atRest = spent(t, p.PID())
	}
	plan.After = func(part string) {
		switch part {
		case "idle":
			idle, us = spent(t, p.PID()), spent(t, os.Getpid())
			o.MemoryIdle, o.MemoryPerClient = idle.memory, (idle.memory-atRest.memory)/float64(clients)
		case "edits":
			now := spent(t, p.PID())
			o.MemoryAfter, o.CPUServer = now.memory, (now.cpu-idle.cpu)/o.WriteSeconds
			o.CPUClients = (own(t) - us.own) / o.WriteSeconds
		}
	}
	err := load.Sync(t.Context(), site, plan, os.Stdout)
	if err != nil {
		t.Error(err)
	}
	o.write(t, clients, err)
}

// first is the median of three first syncs of one crew.
func (o *outcome) first(t *testing.T, site *load.Site) {
	t.Helper()
	var list []load.FirstSync
	for range 3 {
		f, err := load.FirstOfCrew(t.Context(), site)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b load.FirstSync) int { return int(1e6 * (a.Seconds - b.Seconds)) })
	o.FirstRows, o.FirstBytes, o.FirstSeconds = list[1].Rows, list[1].Bytes, list[1].Seconds
}

func (o *outcome) write(t *testing.T, clients int, failed error) {
	t.Helper()
	result := map[string]any{"name": "Segnavia", "plan": map[string]any{"clients": clients}, "figures": o}
	if failed != nil {
		result["failed"] = failed.Error()
	}
	raw, err := json.MarshalIndent(result, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(raw))
	if out := os.Getenv("OUT"); out != "" {
		if err := os.WriteFile(out, append(raw, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func town(t *testing.T) (*program.Program, *load.Site) {
	t.Helper()
	bin, err := program.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	addr, err := program.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	p := &program.Program{Bin: bin, Dir: t.TempDir(), Addr: addr, Args: []string{"--crews", "38", "--reports", "200"}}
	if _, err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop() }) // it may have ended
	site, err := p.Site()
	if err != nil {
		t.Fatal(err)
	}
	return p, site
}
