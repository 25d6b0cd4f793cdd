package load

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"segnavia/civic"
	"segnavia/sync/client"
)

// Swarm lets devices of the demonstration, of every role, follow and edit for a
// while, cutting their connections at random, and then compares their replicas
// with what a client that begins afresh is given, and counts the answers.
func Swarm(ctx context.Context, s *Site, clients int, length time.Duration, seed uint64, out io.Writer) error {
	rng := rand.New(rand.NewPCG(seed, 1)) // #nosec G404 -- load, no secret
	list := make([]device, clients)
	for i := range list {
		d := s.Devices[i%len(s.Devices)]
		id, err := civic.ParseID[civic.Device](d.ID)
		if err != nil {
			return err
		}
		list[i] = device{id, d.Token}
	}
	f := s.fleetOf(list)
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	for _, c := range f.clients {
		cut := time.Duration(500+rng.IntN(3000)) * time.Millisecond
		running.Go(func() {
			for ctx.Err() == nil { // one connection after the other, each cut
				one, cancel := context.WithTimeout(ctx, cut)
				_ = c.Run(one) // ends with its context
				cancel()
			}
		})
	}
	f.swarmFor(ctx, rng, length)
	_, err := f.verdict(ctx, "swarm", out)
	return err
}

// swarmFor edits cases that the clients hold, until the time is over.
func (f *fleet) swarmFor(ctx context.Context, rng *rand.Rand, length time.Duration) {
	for end := time.Now().Add(length); time.Now().Before(end) && ctx.Err() == nil; pause(ctx, 5*time.Millisecond) {
		c := f.clients[rng.IntN(len(f.clients))]
		if id, rev, ok := heldCase(c); ok {
			e := anyEdit(rng, id, rev)
			f.marks.leave(e.ID)
			c.Push(e)
		}
	}
}

// heldCase is a case of a team or a desk that a client follows, whichever.
func heldCase(c *client.Client) (id civic.ReportID, rev int64, ok bool) {
	for _, s := range c.Scopes() {
		if k := s.Kind(); k == civic.ScopeTeam || k == civic.ScopeDesk {
			id, row, ok := c.Any(s)
			return id, row.Rev, ok
		}
	}
	return id, 0, false
}

// anyEdit is work of a day: a note, a start, a danger.
func anyEdit(rng *rand.Rand, report civic.ReportID, rev int64) civic.Edit {
	switch rng.IntN(3) {
	case 0:
		return anEdit(report, rev, civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress})
	case 1:
		return anEdit(report, rev, civic.KindSet, map[string]any{"field": civic.FieldHazard, "value": rng.IntN(2) == 0})
	default:
		return anEdit(report, rev, civic.KindNote, civic.TextArgs{Text: fmt.Sprintf("carico %d", rng.IntN(1000))})
	}
}
