package sync_test

import (
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/sync/client"
)

// TestClientsConvergeThroughCutSockets lets crews and an office work on the same
// cases while their connections are cut at random, and compares every replica
// with the tables at rest.
func TestClientsConvergeThroughCutSockets(t *testing.T) {
	w := newWorld(t)
	var ids []civic.ReportID
	for i := range 12 {
		ids = append(ids, w.report(8.81+float64(i)*0.01))
	}
	cut := newCutter(t, w.http.Listener.Addr().String())
	var mu sync.Mutex
	answers := make(map[civic.EditID]int)
	var clients []*client.Client
	for _, login := range []string{"crew", "crew2", "foreman", "operator", "planner", "crew"} {
		clients = append(clients, w.follow(login, func(o *client.Options) {
			o.URL = "http://" + cut.addr
			o.HTTP = &http.Client{Timeout: 10 * time.Second}
			o.Answered = func(a civic.Answer) {
				mu.Lock()
				defer mu.Unlock()
				answers[a.ID]++
			}
			if login == "planner" {
				o.Scopes = func(offer []civic.Scope) []civic.Scope {
					return append(offer, civic.ScopeOf(civic.ScopeArea, w.town.Areas[0].ID), civic.ScopeOf(civic.ScopeArea, w.town.Areas[1].ID))
				}
			}
		}))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	pushed := 0
	for step := range 240 {
		c := clients[rng.IntN(4)]
		id := ids[rng.IntN(len(ids))]
		actor := civic.Actor{}
		switch rng.IntN(4) {
		case 0:
			c.Push(civictest.Edit(actor, id, 1<<40, civic.KindNote, civic.TextArgs{Text: "note"}))
		case 1:
			c.Push(civictest.Edit(actor, id, 2, civic.KindAssign, civic.AssignArgs{Team: w.town.Teams[rng.IntN(2)].ID}))
		case 2:
			c.Push(civictest.Edit(actor, id, 2, civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress}))
		default:
			c.Push(civictest.Edit(actor, id, 2, civic.KindSet, map[string]any{
				"field": "location", "value": civic.Position{Lon: 8.81 + 0.18*rng.Float64(), Lat: 44.45},
			}))
		}
		pushed++
		if step%8 == 0 {
			cut.all()
			time.Sleep(30 * time.Millisecond)
		}
	}
	cut.stop()
	// At rest: nobody has anything left to push that would move the others.
	for _, c := range clients {
		w.until(func() bool { return c.Pending() == 0 })
	}
	for _, c := range clients {
		w.settled(c)
		w.equal(c)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(answers) != pushed {
		t.Errorf("%d edits answered of %d", len(answers), pushed)
	}
	for id, n := range answers {
		if n != 1 {
			t.Errorf("%s was answered %d times", id, n)
		}
	}
	if n := w.sync.Counts().Mismatches; n != 0 {
		t.Errorf("%d checksum mismatches", n)
	}
}

// cutter is a plain proxy whose connections can be cut.
type cutter struct {
	addr string

	mu      sync.Mutex
	conns   map[net.Conn]bool
	stopped bool
}

func newCutter(t *testing.T, to string) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{addr: l.Addr().String(), conns: make(map[net.Conn]bool)}
	var running sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		c.stopped = false
		c.all()
		running.Wait()
	})
	running.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				continue
			}
			c.mu.Lock()
			c.conns[in], c.conns[out] = true, true
			c.mu.Unlock()
			running.Go(func() { c.copy(in, out) })
			running.Go(func() { c.copy(out, in) })
		}
	})
	return c
}

func (c *cutter) copy(from, to net.Conn) {
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		if err != nil {
			_, _ = from.Close(), to.Close()
			c.mu.Lock()
			delete(c.conns, from)
			c.mu.Unlock()
			return
		}
	}
}

// all cuts every connection.
func (c *cutter) all() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return
	}
	for conn := range c.conns {
		_ = conn.Close()
	}
}

func (c *cutter) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
}
