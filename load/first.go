package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"segnavia/civic"
	"segnavia/sync/client"
)

// First measures the first sync of a planner, who follows every area of the
// town: from the dialling until everything is held, with its checksums right.
func First(ctx context.Context, s *Site, out io.Writer) error {
	d, err := s.deviceOf(civic.RolePlanner)
	if err != nil {
		return err
	}
	var bytes atomic.Int64
	c := client.New(client.Options{URL: s.URL, Device: d.id, Token: d.token, HTTP: counting(&bytes), Scopes: s.everyArea})
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	began := time.Now()
	running.Go(func() { _ = c.Run(ctx) }) // ends with ctx
	for !c.Live() && ctx.Err() == nil {
		pause(ctx, 5*time.Millisecond)
	}
	took, rows := time.Since(began), 0
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, scope := range c.Scopes() {
		if scope.Kind() == civic.ScopeArea {
			rows += len(c.Rows(scope))
		}
	}
	if rows == 0 {
		return errors.New("the town has no reports")
	}
	fmt.Fprintf(out, "first sync: %d reports in %d scopes after %.2f s, %.1f MB by HTTP (%d B a report)\n",
		rows, len(c.Scopes()), took.Seconds(), float64(bytes.Load())/1e6, bytes.Load()/int64(max(rows, 1)))
	return nil
}

// everyArea is what a planner asks for beside what is offered.
func (s *Site) everyArea(offer []civic.Scope) []civic.Scope {
	for _, a := range s.Areas {
		offer = append(offer, civic.ScopeOf(civic.ScopeArea, a.ID))
	}
	return offer
}
