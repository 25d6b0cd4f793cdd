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

// FirstSync is what a client took that held nothing, until it held what it
// follows with its checksums right.
type FirstSync struct {
	Rows    int // of the scopes that were counted
	Scopes  int // of all kinds
	Bytes   int64
	Seconds float64
}

// First measures the first sync of a planner, who follows every area of the
// town: from the dialling until everything is held.
func First(ctx context.Context, s *Site, out io.Writer) error {
	f, err := s.firstOf(ctx, civic.RolePlanner, civic.ScopeArea, s.everyArea)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "first sync: %d reports in %d scopes after %.2f s, %.1f MB received (%d B a report)\n",
		f.Rows, f.Scopes, f.Seconds, float64(f.Bytes)/1e6, f.Bytes/int64(max(f.Rows, 1)))
	return nil
}

// FirstOfCrew measures that of one crew, which follows its team's cases.
func FirstOfCrew(ctx context.Context, s *Site) (FirstSync, error) {
	return s.firstOf(ctx, civic.RoleCrew, civic.ScopeTeam, nil)
}

// firstOf counts the bytes that come on the websocket and by HTTP, headers
// included, and the rows of the scopes of a kind.
func (s *Site) firstOf(ctx context.Context, role civic.Role, kind civic.ScopeKind, scopes func([]civic.Scope) []civic.Scope) (f FirstSync, err error) {
	d, err := s.deviceOf(role)
	if err != nil {
		return f, err
	}
	var bytes atomic.Int64
	c := client.New(client.Options{URL: s.URL, Device: d.id, Token: d.token, HTTP: counting(&bytes), Dial: tallying(&bytes), Scopes: scopes})
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	began := time.Now()
	running.Go(func() { _ = c.Run(ctx) }) // ends with ctx
	for !c.Live() && ctx.Err() == nil {
		pause(ctx, 5*time.Millisecond)
	}
	f.Seconds, f.Bytes = time.Since(began).Seconds(), bytes.Load()
	if ctx.Err() != nil {
		return f, ctx.Err()
	}
	f.Scopes = len(c.Scopes())
	for _, scope := range c.Scopes() {
		if scope.Kind() == kind {
			f.Rows += len(c.Rows(scope))
		}
	}
	if f.Rows == 0 {
		return f, errors.New("there are no reports")
	}
	return f, nil
}

// everyArea is what a planner asks for beside what is offered.
func (s *Site) everyArea(offer []civic.Scope) []civic.Scope {
	for _, a := range s.Areas {
		offer = append(offer, civic.ScopeOf(civic.ScopeArea, a.ID))
	}
	return offer
}
