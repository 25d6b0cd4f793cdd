package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// env is a number of the environment.
func env(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// TestNothingIsLostThroughKillsAndBadNetworks lets crews work while the program
// and its database are ended with SIGKILL and the network fails in every way, and
// then looks at every edit and every replica. SEGNAVIA_CHAOS_FAULTS says how many
// faults, SEGNAVIA_CHAOS_SEED which.
func TestNothingIsLostThroughKillsAndBadNetworks(t *testing.T) {
	faults, seed := env("SEGNAVIA_CHAOS_FAULTS", 6), uint64(env("SEGNAVIA_CHAOS_SEED", 1))
	r := newRig(t, t.TempDir())
	stop := r.start()
	defer stop()
	done := make(chan struct{})
	wait := r.work(seed, done)
	rng := rand.New(rand.NewPCG(seed, 0))
	counts, slowest := make(map[string]int), time.Duration(0)
	for i := range faults {
		time.Sleep(time.Duration(100+rng.IntN(900)) * time.Millisecond)
		what, back := r.fault(rng, i)
		counts[what]++
		slowest = max(slowest, back)
	}
	close(done)
	wait()
	r.rest()
	edits, unanswered, statuses := r.history.tally()
	replicas := r.compare()
	r.askAgain()
	reports := r.history.linearizable(t)
	if r.history.repeated > 0 || unanswered > 0 {
		t.Errorf("%d edits have no answer, %d were answered otherwise the second time", unanswered, r.history.repeated)
	}
	if edits < 20*faults {
		t.Errorf("only %d edits: the clients hardly worked", edits)
	}
	stop()
	if err := r.program.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := r.program.Check(); err != nil {
		t.Error(err)
	}
	var table strings.Builder
	for what, n := range counts {
		fmt.Fprintf(&table, "\n  %-28s %d", what, n)
	}
	t.Logf("seed %d, %d faults:%s\n  slowest return %.1f s\n  %d edits %v, %d without an answer, %d answered otherwise the second time; %d reports in an order that fits; %d replicas equal",
		seed, faults, table.String(), slowest.Seconds(), edits, statuses, unanswered, r.history.repeated, reports, replicas)
}

// fault lets one thing go wrong and tells how long the program took to serve again.
func (r *rig) fault(rng *rand.Rand, i int) (what string, back time.Duration) {
	r.t.Helper()
	began := time.Now()
	switch i % 3 {
	case 0:
		what = "program killed"
		if err := r.program.Kill(); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.program.Start(); err != nil {
			r.t.Fatal(err)
		}
	case 1:
		what = "database killed"
		if err := r.program.KillDatabase(); err != nil {
			r.t.Fatal(err)
		}
		for !r.program.Ready() {
			if time.Since(began) > 30*time.Second {
				r.t.Fatalf("not ready after 30 s:\n%s", r.program.Log())
			}
			time.Sleep(20 * time.Millisecond)
		}
	default:
		return "network: " + r.network.spoil(rng), 0
	}
	if back = time.Since(began); back > 10*time.Second {
		r.t.Errorf("%s: back after %s", what, back)
	}
	return what, back
}
