package load

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/sync/client"
)

// Swarm lets devices of the demonstration follow and edit for a while, cutting
// their connections at random, and then compares their replicas with what the
// server says of each scope: cursor, checksum and the number of answers.
func Swarm(ctx context.Context, s *Site, clients int, length time.Duration, seed uint64, out io.Writer) error {
	rng := rand.New(rand.NewPCG(seed, 1)) // #nosec G404 -- load, no secret
	var mu sync.Mutex
	answers := make(map[civic.EditID]int)
	var list []*client.Client
	runCtx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	for i := range clients {
		d := s.Devices[i%len(s.Devices)]
		id, err := civic.ParseID[civic.Device](d.ID)
		if err != nil {
			return err
		}
		c := client.New(client.Options{URL: s.URL, Device: id, Token: d.Token, Answered: func(a civic.Answer) {
			mu.Lock()
			defer mu.Unlock()
			answers[a.ID]++
		}})
		list = append(list, c)
		cut := time.Duration(500+rng.IntN(3000)) * time.Millisecond
		running.Go(func() {
			for runCtx.Err() == nil { // one connection after the other, each cut
				one, cancel := context.WithTimeout(runCtx, cut)
				_ = c.Run(one) // ends with its context
				cancel()
			}
		})
	}
	pushed := pushFor(ctx, list, rng, length)
	if err := settle(ctx, list); err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	doubled := 0
	for _, n := range answers {
		if n > 1 {
			doubled++
		}
	}
	fmt.Fprintf(out, "swarm: %d clients, %d edits pushed, %d answered, %d answered twice\n", clients, pushed, len(answers), doubled)
	if len(answers) != pushed || doubled > 0 {
		return fmt.Errorf("%d edits have no answer, %d have two", pushed-len(answers), doubled)
	}
	return compare(ctx, s, list, out)
}

// pushFor edits cases that the clients hold, until the time is over.
func pushFor(ctx context.Context, list []*client.Client, rng *rand.Rand, length time.Duration) (pushed int) {
	end := time.Now().Add(length)
	for time.Now().Before(end) && ctx.Err() == nil {
		c := list[rng.IntN(len(list))]
		for _, scope := range c.Scopes() {
			if k := scope.Kind(); k != civic.ScopeTeam && k != civic.ScopeDesk {
				continue
			}
			for id, row := range c.Rows(scope) {
				c.Push(anEdit(rng, id, row.Rev))
				pushed++
				break
			}
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return pushed
}

func anEdit(rng *rand.Rand, report civic.ReportID, rev int64) civic.Edit {
	kind, args := civic.KindNote, any(civic.TextArgs{Text: fmt.Sprintf("carico %d", rng.IntN(1000))})
	switch rng.IntN(3) {
	case 0:
		kind, args = civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress}
	case 1:
		kind, args = civic.KindSet, map[string]any{"field": "hazard", "value": rng.IntN(2) == 0}
	}
	raw, err := json.Marshal(args)
	if err != nil {
		panic("load: " + err.Error()) // they are all ours
	}
	return civic.Edit{ID: civic.EditID(uuid.Must(uuid.NewV7())), Report: report, BaseRev: rev, Kind: kind, Args: raw, At: time.Now().UTC()}
}

// settle waits until everything pushed is answered.
func settle(ctx context.Context, list []*client.Client) error {
	for _, c := range list {
		for c.Pending() > 0 {
			select {
			case <-ctx.Done():
				return fmt.Errorf("%d edits unanswered: %w", c.Pending(), ctx.Err())
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	time.Sleep(2 * time.Second) // the last deltas
	return nil
}

// compare asks a client that begins afresh what each scope holds now.
func compare(ctx context.Context, s *Site, list []*client.Client, out io.Writer) error {
	scopes, different := 0, 0
	for i, c := range list {
		d := s.Devices[i%len(s.Devices)]
		id, err := civic.ParseID[civic.Device](d.ID)
		if err != nil {
			return err
		}
		truth := client.New(client.Options{URL: s.URL, Device: id, Token: d.Token})
		one, cancel := context.WithTimeout(ctx, 30*time.Second)
		done := make(chan struct{})
		go func() { // ends with one; waited for below
			defer close(done)
			_ = truth.Run(one)
		}()
		for len(truth.Scopes()) < len(c.Scopes()) && one.Err() == nil {
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
		<-done
		for _, scope := range c.Scopes() {
			scopes++
			v, sum, _ := c.Held(scope)
			w, want, ok := truth.Held(scope)
			if !ok || v != w || sum != want {
				different++
				fmt.Fprintf(out, "%s: %s at %d, afresh %s at %d\n", scope, sum, v, want, w)
			}
		}
	}
	fmt.Fprintf(out, "swarm: %d scopes compared, %d different\n", scopes, different)
	if different > 0 {
		return fmt.Errorf("%d scopes differ", different)
	}
	return nil
}
