package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"segnavia/bench/program"
	"segnavia/civic"
	"segnavia/load"
	"segnavia/sync/client"
)

// rig is the program, a network that can be spoilt, and phones that work.
type rig struct {
	t       *testing.T
	program *program.Program
	network *network
	site    *load.Site
	history *history
	phones  []*client.Client
	teams   []civic.TeamID
	reports []civic.ReportID
}

// phones are those of operators, a foreman and crews.
const (
	cases  = 12
	phones = 10
)

// newRig starts the program on a data folder of its own.
func newRig(t *testing.T, dir string) *rig {
	t.Helper()
	p, err := program.Launch(t.Context(), t.TempDir(), dir, "--reports", "30")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, program: p, history: newHistory()}
	t.Cleanup(func() { _ = r.program.Stop() }) // it may have ended
	r.network = newNetwork(t, p.Addr)
	if r.site, err = r.program.Site(); err != nil {
		t.Fatal(err)
	}
	return r
}

// start gives the phones to crews, a foreman and an operator, and lets them be
// online through the network.
func (r *rig) start() (stop func()) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	var running sync.WaitGroup
	r.phones = nil
	for i, d := range r.site.Devices[:min(phones, len(r.site.Devices))] {
		id, err := civic.ParseID[civic.Device](d.ID)
		if err != nil {
			r.t.Fatal(err)
		}
		if team, err := civic.ParseID[civic.Team](d.Team); err == nil && !slices.Contains(r.teams, team) {
			r.teams = append(r.teams, team)
		}
		c := client.New(client.Options{
			URL: "http://" + r.network.proxy.Listen, Device: id, Token: d.Token, BackoffMost: time.Second,
			HTTP: &http.Client{Timeout: 5 * time.Second}, Answered: r.history.told,
		})
		r.phones = append(r.phones, c)
		running.Go(func() {
			if err := c.Run(ctx); err != nil && ctx.Err() == nil {
				r.t.Errorf("phone %d: %v", i, err)
			}
		})
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// work lets phones create and edit cases until the channel is closed.
func (r *rig) work(seed uint64, done <-chan struct{}) (wait func()) {
	for len(r.reports) < cases {
		r.reports = append(r.reports, civic.ReportID(uuid.Must(uuid.NewV7())))
	}
	var working sync.WaitGroup
	for i, c := range r.phones {
		working.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			for {
				select {
				case <-done:
					return
				case <-time.After(time.Duration(5+rng.IntN(60)) * time.Millisecond):
				}
				if c.Pending() < 200 {
					e := r.draw(rng)
					r.history.sent(i, e)
					c.Push(e)
				}
			}
		})
	}
	return working.Wait
}

// draw makes an edit of a phone whose clock may be two days wrong.
func (r *rig) draw(rng *rand.Rand) civic.Edit {
	lon, lat := 8.93, 44.41
	kind, args, base := civic.KindNote, any(civic.TextArgs{Text: fmt.Sprintf("nota %d", rng.Uint32())}), int64(1<<40)
	switch rng.IntN(8) {
	case 0:
		kind, args = civic.KindCreate, civic.CreateArgs{Service: "strade.buca", Title: "Buca", Lon: &lon, Lat: &lat}
	case 1:
		kind, args = civic.KindAssign, civic.AssignArgs{Team: r.teams[rng.IntN(len(r.teams))]}
	case 2:
		kind, args, base = civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress}, 1
	case 3:
		kind, args = civic.KindSet, map[string]any{"field": civic.FieldTitle, "value": fmt.Sprintf("Titolo %d", rng.Uint32())}
	case 4:
		kind, args, base = civic.KindSet, map[string]any{"field": civic.FieldTitle, "value": fmt.Sprintf("Titolo %d", rng.Uint32())}, 1
	}
	raw, err := json.Marshal(args)
	if err != nil {
		r.t.Fatal(err)
	}
	return civic.Edit{
		ID: civic.EditID(uuid.Must(uuid.NewV7())), Report: r.reports[rng.IntN(len(r.reports))], BaseRev: base, Kind: kind, Args: raw,
		At: time.Now().UTC().Add(time.Duration(rng.Int64N(int64(96*time.Hour))) - 48*time.Hour),
	}
}

// rest waits until every edit has its answer.
func (r *rig) rest() {
	r.t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for i, c := range r.phones {
		for c.Pending() > 0 {
			if time.Now().After(deadline) {
				r.t.Fatalf("phone %d: %d edits without an answer, %+v\n%s", i, c.Pending(), c.Counts(), r.program.Log())
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// compare sets each replica beside one that begins afresh.
func (r *rig) compare() (replicas int) {
	r.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for i, c := range r.phones {
		truth := r.afresh(c)
		for _, s := range c.Scopes() {
			replicas++
			_, want, _ := truth.Held(s)
			for {
				_, got, _ := c.Held(s)
				if got == want {
					break
				}
				if time.Now().After(deadline) {
					r.t.Errorf("phone %d: %s is %s, afresh %s", i, s, got, want)
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			r.sameRows(i, s, c, truth)
		}
	}
	return replicas
}

func (r *rig) sameRows(i int, s civic.Scope, c, truth *client.Client) {
	r.t.Helper()
	have, want := c.Rows(s), truth.Rows(s)
	for id, w := range want {
		if h := have[id]; h.Rev != w.Rev || !sameJSON(h.Body, w.Body) {
			r.t.Errorf("phone %d: %s: %s is\n%s at %d, afresh\n%s at %d", i, s, id, h.Body, h.Rev, w.Body, w.Rev)
		}
	}
	if len(have) != len(want) {
		r.t.Errorf("phone %d: %s has %d rows, afresh %d", i, s, len(have), len(want))
	}
}

// afresh reads all that a phone is offered with a client that held nothing.
func (r *rig) afresh(c *client.Client) *client.Client {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	fresh, done := c.Sibling(nil), make(chan struct{})
	go func() { // waited for below
		defer close(done)
		_ = fresh.Run(ctx)
	}()
	for !fresh.Live() && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	if ctx.Err() != nil {
		r.t.Error("a fresh client does not get there")
	}
	cancel()
	<-done
	return fresh
}

// askAgain sends every edit once more from a client that has forgotten that it
// did: what was acknowledged is stored, and is answered as it was.
func (r *rig) askAgain() {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for i, c := range r.phones {
		again := c.Sibling(r.history.told)
		for _, e := range r.history.of(i) {
			again.Push(e)
		}
		running.Go(func() { _ = again.Run(ctx) }) // ends with ctx
		for deadline := time.Now().Add(60 * time.Second); again.Pending() > 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				r.t.Fatalf("phone %d: asked again, %d edits have no answer", i, again.Pending())
			}
		}
	}
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	one, err := json.Marshal(x)
	other, err2 := json.Marshal(y)
	return err == nil && err2 == nil && string(one) == string(other)
}
