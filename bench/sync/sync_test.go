//go:build bench

package sync_bench

import (
	"errors"
	"os"
	"strconv"
	"testing"
	"time"

	"segnavia/bench/program"
	"segnavia/load"
)

func env(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

func town(t *testing.T, args ...string) (*program.Program, *load.Site) {
	t.Helper()
	// All of them come from one address, which no town's phones do.
	p, err := program.Launch(t.Context(), t.TempDir(), t.TempDir(), append([]string{"--allowance", "100000"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop() }) // it may have ended
	site, err := p.Site()
	if err != nil {
		t.Fatal(err)
	}
	return p, site
}

// TestTenThousandSockets measures what silent sockets cost, and how long all of
// them take to come back after the program was killed and started again.
func TestTenThousandSockets(t *testing.T) {
	p, site := town(t, "--crews", "38")
	plan := load.SyncPlan{
		Sockets: env("SOCKETS", 10_000), Idle: 20 * time.Second, Cases: 2, Service: "strade.buca", At: [2]float64{8.93, 44.41},
		Storm: true, Away: 200, Seed: 1,
		Restart: func() error {
			err := p.Kill()
			_, again := p.Start()
			return errors.Join(err, again)
		},
	}
	if err := load.Sync(t.Context(), site, plan, os.Stdout); err != nil {
		t.Fatal(err)
	}
}

// TestAThousandClients measures the time from the sending of an edit until each
// client has applied it, with a tenth of the edits moving cases, and the return
// of a fifth of the clients with a day's work each.
func TestAThousandClients(t *testing.T) {
	_, site := town(t, "--crews", "38")
	plan := load.SyncPlan{
		Sockets: env("SOCKETS", 1000), Cases: 20, Service: "strade.buca", At: [2]float64{8.93, 44.41},
		Rate: 100, Moves: 0.1, For: 60 * time.Second, Away: 50, Offline: 200, Seed: 1,
	}
	if err := load.Sync(t.Context(), site, plan, os.Stdout); err != nil {
		t.Fatal(err)
	}
}

// TestFirstSync measures how long a client takes that holds nothing until it holds
// every area of a town of 100,000 cases and more.
func TestFirstSync(t *testing.T) {
	_, site := town(t, "--reports", strconv.Itoa(env("REPORTS", 107_000)))
	for range 3 {
		if err := load.First(t.Context(), site, os.Stdout); err != nil {
			t.Fatal(err)
		}
	}
}
