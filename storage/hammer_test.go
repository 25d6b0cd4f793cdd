package storage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// replica is a reader's copy of one scope, kept by pulling.
type replica struct {
	scope  civic.Scope
	cursor int64
	rows   map[civic.ReportID]held
}

type held struct {
	rev  int64
	body json.RawMessage
}

// pull brings the copy to the head and checks that no version is missing and
// that the sum is that of the copy.
func (r *replica) pull(ctx context.Context, db *storage.DB, j civic.JurisdictionID) error {
	for {
		d, head, err := db.Pull(ctx, j, r.scope, r.cursor, 500)
		if err != nil {
			return err
		}
		next := r.cursor
		for _, op := range d.Ops {
			if op.V != next && op.V != next+1 {
				return fmt.Errorf("%s: version %d after %d", r.scope, op.V, next)
			}
			next = op.V
			if err := r.apply(op); err != nil {
				return err
			}
		}
		if next != d.To {
			return fmt.Errorf("%s: delta ends at %d, says %d", r.scope, next, d.To)
		}
		r.cursor = d.To
		if sum := r.sum(); sum != d.Sum {
			return fmt.Errorf("%s at %d: sum %s, want %s", r.scope, r.cursor, sum, d.Sum)
		}
		if r.cursor >= head {
			return nil
		}
	}
}

func (r *replica) apply(op civic.Op) error {
	switch op.Kind {
	case civic.OpEnter:
		r.rows[op.ID] = held{op.Rev, op.Body}
	case civic.OpPatch:
		was, ok := r.rows[op.ID]
		if !ok || was.rev >= op.Rev {
			return fmt.Errorf("%s: patch of %s at %d over %d", r.scope, op.ID, op.Rev, was.rev)
		}
		body, err := civic.Merge(was.body, op.Body)
		if err != nil {
			return err
		}
		r.rows[op.ID] = held{op.Rev, body}
	case civic.OpLeave:
		if _, ok := r.rows[op.ID]; !ok {
			return fmt.Errorf("%s: leave of %s, which is not in", r.scope, op.ID)
		}
		delete(r.rows, op.ID)
	}
	return nil
}

func (r *replica) sum() (s civic.Sum) {
	for id, row := range r.rows {
		s = s.Add(civic.SumOf(id, row.rev))
	}
	return s
}

// equal compares the copy with what the tables say.
func (r *replica) equal(ctx context.Context, db *storage.DB, j civic.JurisdictionID) error {
	rows := make(map[civic.ReportID]civic.Row)
	if _, err := db.Snapshot(ctx, j, r.scope, civic.ReportID{}, func(civic.Head) error { return nil }, func(page []civic.Row) error {
		for _, row := range page {
			rows[row.ID] = row
		}
		return nil
	}); err != nil {
		return err
	}
	if len(rows) != len(r.rows) {
		return fmt.Errorf("%s: %d rows, want %d", r.scope, len(r.rows), len(rows))
	}
	for id, want := range rows {
		got := r.rows[id]
		var a, b any
		if json.Unmarshal(got.body, &a) != nil || json.Unmarshal(want.Body, &b) != nil || got.rev != want.Rev || !reflect.DeepEqual(a, b) {
			return fmt.Errorf("%s: %s is\n%s at %d, want\n%s at %d", r.scope, id, got.body, got.rev, want.Body, want.Rev)
		}
	}
	return nil
}

func TestReplicasOfSixteenWritersEqualTheTables(t *testing.T) {
	db, town := open(t)
	const writers, readers, steps = 16, 100, 40
	var scopes []civic.Scope
	for _, team := range town.Teams {
		scopes = append(scopes, civic.ScopeOf(civic.ScopeTeam, team.ID))
	}
	for _, a := range town.Areas {
		scopes = append(scopes, civic.ScopeOf(civic.ScopeArea, a.ID))
	}
	scopes = append(scopes, civic.ScopeOf(civic.ScopeDesk, town.Desks[0].ID))
	done := make(chan struct{})
	replicas := make([]*replica, readers)
	var writing, reading sync.WaitGroup
	for i := range replicas {
		replicas[i] = &replica{scope: scopes[i%len(scopes)], rows: make(map[civic.ReportID]held)}
		reading.Go(func() {
			for {
				if err := replicas[i].pull(t.Context(), db, town.ID); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-done:
					return
				case <-time.After(time.Duration(50+i) * time.Millisecond):
				}
			}
		})
	}
	shared := []civic.ReportID{civictest.NewID[civic.Report](), civictest.NewID[civic.Report]()}
	for _, id := range shared {
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	acknowledged := make([][]civic.EditID, writers)
	for w := range writers {
		writing.Go(func() { acknowledged[w] = hammer(t, db, town, shared, rand.New(rand.NewPCG(uint64(w), 7)), steps) })
	}
	writing.Wait()
	close(done)
	reading.Wait()
	for _, r := range replicas {
		if err := r.pull(t.Context(), db, town.ID); err != nil {
			t.Fatal(err)
		}
		if err := r.equal(t.Context(), db, town.ID); err != nil {
			t.Fatal(err)
		}
	}
	nothingLost(t, db, town, slices.Concat(acknowledged...))
	if n := deadlocks(t, db); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
	if found, err := db.CheckLog(t.Context(), town.ID); err != nil || found.Ops+found.Heads > 0 {
		t.Errorf("log against tables: %+v, %v", found, err)
	}
}

// nothingLost looks for every edit that was answered.
func nothingLost(t *testing.T, db *storage.DB, town *civic.Blueprint, ids []civic.EditID) {
	t.Helper()
	tokens, err := db.AddDevice(t.Context(), town.ID, civictest.Actor(town, "crew").User, "", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, stored, err := db.Pushed(t.Context(), town.ID, tokens.Device, ids)
	if err != nil || len(ids) == 0 || len(stored) != len(ids) {
		t.Errorf("%d of %d acknowledged edits are stored, %v", len(stored), len(ids), err)
	}
}

// deadlocks counts those that the database had to break.
func deadlocks(t *testing.T, db *storage.DB) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // the test is over
	time.Sleep(time.Second)                              // backends report once a second
	if err := conn.QueryRow(t.Context(), `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// hammer makes reports and moves its own and shared ones between teams, areas
// and statuses. It returns what was acknowledged.
func hammer(t *testing.T, db *storage.DB, town *civic.Blueprint, shared []civic.ReportID, rng *rand.Rand, steps int) (acknowledged []civic.EditID) {
	operator := civictest.Actor(town, "operator")
	mine := append([]civic.ReportID(nil), shared...)
	for range steps {
		id := mine[rng.IntN(len(mine))]
		var e civic.Edit
		switch rng.IntN(6) {
		case 0:
			id = civictest.NewID[civic.Report]()
			mine = append(mine, id)
			e = civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate,
				create("pothole", 8.81+0.18*rng.Float64(), 44.41+0.08*rng.Float64()))
		case 1, 2:
			e = civictest.Edit(operator, id, 1, civic.KindAssign, civic.AssignArgs{Team: town.Teams[rng.IntN(len(town.Teams))].ID})
		case 3:
			e = civictest.Edit(operator, id, 1<<40, civic.KindSet, map[string]any{
				"field": "location", "value": map[string]float64{"lon": 8.81 + 0.18*rng.Float64(), "lat": 44.45},
			})
		case 4:
			e = civictest.Edit(operator, id, 1, civic.KindNote, civic.TextArgs{Text: "note"})
		default:
			to := civic.Statuses[rng.IntN(len(civic.Statuses))]
			e = civictest.Edit(operator, id, 1, civic.KindTransition, civic.TransitionArgs{To: to, Reason: "because", For: "body", Month: "2027-03"})
		}
		if _, err := db.Apply(t.Context(), town.ID, e, 0); err != nil {
			t.Errorf("%s: %v", e.Kind, err)
			return acknowledged
		}
		acknowledged = append(acknowledged, e.ID)
	}
	return acknowledged
}
