package tiles

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"segnavia/civic"
)

// Source gives a town's placed reports and the log of its areas.
type Source interface {
	AreaRows(ctx context.Context, j civic.JurisdictionID, first func([]civic.Head)) iter.Seq2[civic.AreaRow, error]
	// AreaOps reads the log of all areas after the cursors at one moment, and
	// moves them; a civic.Error reset means that the log no longer reaches back.
	AreaOps(ctx context.Context, j civic.JurisdictionID, cursors map[civic.Scope]int64, limit int) (ops []civic.ScopedOp, more bool, err error)
}

// Feed keeps the index of one town up to date: an ordinary subscriber of every
// area: scope.
type Feed struct {
	Source Source
	Town   *Town
	// Ready is set once the index holds the town.
	Ready atomic.Bool

	kick chan struct{}
}

// NewFeed prepares to fill a town's index; Run does it.
func NewFeed(source Source, town *Town) *Feed {
	return &Feed{Source: source, Town: town, kick: make(chan struct{}, 1)}
}

// Wake says that an area of the town moved. It never blocks.
func (f *Feed) Wake() {
	select {
	case f.kick <- struct{}{}:
	default:
	}
}

const (
	// feedOps is how many ops of an area are read at once.
	feedOps = 5000
	// feedPoll is how often the log is looked at without a wake-up.
	feedPoll = time.Second
	// feedRetry is how long to wait after the database did not answer.
	feedRetry = 500 * time.Millisecond
)

// Run loads the index and follows the log until the context ends. trouble is
// given what went wrong; the feed goes on by itself.
func (f *Feed) Run(ctx context.Context, trouble func(error)) {
	for ctx.Err() == nil {
		cursors, err := f.load(ctx)
		if err == nil {
			f.Ready.Store(true)
			err = f.follow(ctx, cursors, trouble)
		}
		if ctx.Err() != nil {
			return
		}
		if civic.CodeOf(err) != "reset" {
			trouble(fmt.Errorf("live index of %s: %w", f.Town.Name, err))
		}
		sleep(ctx, feedRetry)
	}
}

func (f *Feed) load(ctx context.Context) (map[civic.Scope]int64, error) {
	cursors := make(map[civic.Scope]int64)
	rows := f.Source.AreaRows(ctx, civic.JurisdictionID(f.Town.ID), func(heads []civic.Head) {
		for _, h := range heads {
			cursors[h.Scope] = h.V
		}
	})
	err := f.Town.Index.Load(func(yield func(Row, error) bool) {
		for r, err := range rows {
			if !yield(rowOf(r), err) {
				return
			}
		}
	})
	return cursors, err
}

func rowOf(r civic.AreaRow) Row {
	spot := civic.OnGrid(civic.Position{Lon: r.Lon, Lat: r.Lat})
	if r.Spot != nil {
		spot.Lon, spot.Lat = r.Spot[0], r.Spot[1]
	}
	return Row{
		Area: uuid.UUID(r.Area), ID: uuid.UUID(r.ID), Rev: r.Rev,
		Body: Body{
			Code: string(r.Code), Service: uuid.UUID(r.Service), Status: string(r.Status), Team: uuid.UUID(r.Team),
			Channel: string(r.Channel), Created: r.Created, Point: orb.Point{r.Lon, r.Lat}, Spot: orb.Point{spot.Lon, spot.Lat}, Visible: r.Visible,
		},
	}
}

// follow applies the log until the context ends or the log no longer reaches
// back. A database that does not answer is asked again.
func (f *Feed) follow(ctx context.Context, cursors map[civic.Scope]int64, trouble func(error)) error {
	poll := time.NewTicker(feedPoll)
	defer poll.Stop()
	for {
		ops, more, err := f.Source.AreaOps(ctx, civic.JurisdictionID(f.Town.ID), cursors, feedOps)
		switch {
		case civic.CodeOf(err) == "reset":
			return err
		case err != nil && ctx.Err() == nil:
			trouble(fmt.Errorf("live index of %s: %w", f.Town.Name, err))
			sleep(ctx, feedRetry)
			continue
		}
		if len(ops) > 0 {
			if err := f.Town.Index.Apply(changesOf(ops)); err != nil {
				trouble(fmt.Errorf("live index of %s: %w", f.Town.Name, err))
			}
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
			return errors.New("stopped")
		case <-f.kick:
		case <-poll.C:
		}
	}
}

// changesOf orders ops so that a report that moved between two areas leaves the
// one before it enters the other.
func changesOf(ops []civic.ScopedOp) []Change {
	sortOps(ops)
	changes := make([]Change, len(ops))
	for i, op := range ops {
		kind := Enter
		switch op.Kind {
		case civic.OpPatch:
			kind = Patch
		case civic.OpLeave:
			kind = Leave
		}
		changes[i] = Change{
			Area: uuid.UUID(op.Scope.ID()), Kind: kind, ID: uuid.UUID(op.ID), Rev: op.Rev, V: op.V, Body: op.Body,
		}
	}
	return changes
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
