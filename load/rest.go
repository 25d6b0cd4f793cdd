package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"segnavia/civic"
	"segnavia/sync/client"
)

// answered waits until nobody has an edit without its answer.
func (f *fleet) answered(ctx context.Context) error {
	for _, c := range f.clients {
		for c.Pending() > 0 {
			if ctx.Err() != nil {
				return fmt.Errorf("%d edits unanswered: %w", c.Pending(), ctx.Err())
			}
			pause(ctx, 20*time.Millisecond)
		}
	}
	return nil
}

// verdict is what a fleet came to.
type verdict struct {
	none, several       int // edits without an answer, and with several
	status              map[civic.ResultStatus]int
	replicas, different int // and those that are not what the server would give
}

// verdict waits until everything is answered, compares and prints. It is an error
// when an edit has no answer or several, or a replica is not as it should be.
func (f *fleet) verdict(ctx context.Context, what string, out io.Writer) (v verdict, err error) {
	if err := f.answered(ctx); err != nil {
		return v, err
	}
	pause(ctx, 2*time.Second) // the last deltas
	if v.replicas, v.different, err = f.compare(ctx); err != nil {
		return v, err
	}
	var sent int
	sent, v.none, v.several, v.status = f.marks.tally()
	fmt.Fprintf(out, "%s: %d edits, %d without an answer, %d with several, answers %v; %d replicas, %d different\n",
		what, sent, v.none, v.several, v.status, v.replicas, v.different)
	if v.none+v.several+v.different > 0 {
		return v, errors.New("replicas or answers are not what they should be")
	}
	return v, nil
}

// compare sets each replica beside what a client that begins afresh is given.
func (f *fleet) compare(ctx context.Context) (replicas, different int, err error) {
	truth := make(map[civic.Scope]civic.Sum)
	for _, c := range f.clients {
		for _, s := range c.Scopes() {
			if _, known := truth[s]; known {
				continue
			}
			if err := f.afresh(ctx, c, truth); err != nil {
				return 0, 0, err
			}
			break
		}
	}
	for _, c := range f.clients {
		for _, s := range c.Scopes() {
			replicas++
			if sum, ok := held(c, s); !ok || sum != truth[s] {
				different++
			}
		}
	}
	return replicas, different, nil
}

// afresh fills truth with the checksums of all that a device is offered, as read
// by a client that held nothing.
func (f *fleet) afresh(ctx context.Context, of *client.Client, truth map[civic.Scope]civic.Sum) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	fresh := of.Sibling(nil)
	done := make(chan struct{})
	go func() { // ends with ctx; waited for below
		defer close(done)
		_ = fresh.Run(ctx)
	}()
	for !fresh.Live() && ctx.Err() == nil {
		pause(ctx, 10*time.Millisecond)
	}
	err := ctx.Err()
	cancel()
	<-done
	for _, s := range fresh.Scopes() {
		_, truth[s], _ = fresh.Held(s)
	}
	return err
}

func held(c *client.Client, s civic.Scope) (civic.Sum, bool) {
	_, sum, ok := c.Held(s)
	return sum, ok
}
