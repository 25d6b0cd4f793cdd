//go:build bench

package peers_sync_bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// cost is what a process and all below it use, read as lib/measure.mjs does.
type cost struct {
	memory float64 // proportional set, bytes
	cpu    float64 // seconds, of all
	own    float64 // seconds, of the process itself
}

func spent(t *testing.T, root int) (c cost) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children, seconds := map[int][]int{}, map[int]float64{}
	for _, file := range files {
		pid, parent, cpu, ok := stat(file)
		if ok {
			children[parent], seconds[pid] = append(children[parent], pid), cpu
		}
	}
	c.own = seconds[root]
	for todo := []int{root}; len(todo) > 0; {
		pid := todo[0]
		todo = append(todo[1:], children[pid]...)
		c.cpu += seconds[pid]
		c.memory += proportional(pid)
	}
	return c
}

func own(t *testing.T) float64 { return spent(t, os.Getpid()).own }

// stat reads parent and processor time; what has ended is not ok.
func stat(file string) (pid, parent int, cpu float64, ok bool) {
	raw, err := os.ReadFile(file) // #nosec G304 -- of /proc
	if err != nil {
		return 0, 0, 0, false
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	pid, err = strconv.Atoi(filepath.Base(filepath.Dir(file)))
	if err != nil || len(fields) < 13 {
		return 0, 0, 0, false
	}
	var user, system float64
	if _, err := fmt.Sscan(strings.Join([]string{fields[1], fields[11], fields[12]}, " "), &parent, &user, &system); err != nil {
		return 0, 0, 0, false
	}
	return pid, parent, (user + system) / 100, true
}

func proportional(pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid)) // #nosec G304 -- of /proc
	if err != nil {
		return 0 // it has ended
	}
	_, rest, _ := strings.Cut(string(raw), "\nPss:")
	kib, err := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	if err != nil {
		return 0
	}
	return kib * 1024
}
