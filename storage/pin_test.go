package storage_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// pins is a town with reports at whose PINs somebody guesses.
type pins struct {
	t    *testing.T
	db   *storage.DB
	url  string
	town *civic.Blueprint
	now  time.Time
}

func newPins(t *testing.T) *pins {
	t.Helper()
	p := &pins{t: t, url: storagetest.Database(t, storage.Migrate, storage.SchemaKey()), town: civictest.Town("genova"), now: time.Now()}
	p.reopen()
	if err := p.db.SaveTown(t.Context(), p.town); err != nil {
		t.Fatal(err)
	}
	return p
}

// reopen is another node, or the same after a restart.
func (p *pins) reopen() {
	p.t.Helper()
	db, err := storage.Open(p.t.Context(), storage.Options{URL: p.url})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(db.Close)
	p.db = db
}

func (p *pins) report() civic.Receipt {
	p.t.Helper()
	id := civictest.NewID[civic.Report]()
	must(p.t, p.db, p.town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	return p.receipt(id)
}

func (p *pins) receipt(id civic.ReportID) civic.Receipt {
	p.t.Helper()
	r, err := p.db.Receipt(p.t.Context(), p.town.ID, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// try gives the code of the answer, "" for an open door.
func (p *pins) try(r civic.Receipt, pin, place string) string {
	p.t.Helper()
	secret, err := p.db.OpenByPIN(p.t.Context(), p.town.ID, r.Report, pin, place, p.now)
	if err == nil && secret != r.Secret {
		p.t.Errorf("another secret")
	}
	if err != nil && civic.CodeOf(err) == "" {
		p.t.Fatal(err)
	}
	return civic.CodeOf(err)
}

func (p *pins) want(what, got, want string) {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// wrong is a PIN that is not the report's.
func wrong(r civic.Receipt) string {
	if r.PIN == "000000" {
		return "000001"
	}
	return "000000"
}

// TestStrangersKeepNobodyOut guesses from many places: the code is closed to new
// ones for a day, and to those where it was right before never, on any node.
func TestStrangersKeepNobodyOut(t *testing.T) {
	p := newPins(t)
	r, other := p.report(), p.report()
	p.want("the right one", p.try(r, r.PIN, "home"), "")
	for i := range storage.MaxCodeTries {
		if i == storage.MaxCodeTries/2 {
			p.reopen()
		}
		p.want("a stranger", p.try(r, wrong(r), fmt.Sprint("stranger ", i)), "bad_pin")
	}
	p.want("one more place", p.try(r, wrong(r), "another"), "too_many_tries")
	p.want("even with the right one", p.try(r, r.PIN, "another"), "too_many_tries")
	p.want("where it was right before", p.try(r, r.PIN, "home"), "")
	p.want("another code", p.try(other, other.PIN, "another"), "")
	p.now = p.now.Add(26 * time.Hour)
	p.want("a day later", p.try(r, r.PIN, "another"), "")
}

// TestACaseWithoutAPINCountsLikeAnyOther tries one that a crew made for itself: its
// answers are those of any other, and they count. So are those of one that is not there.
func TestACaseWithoutAPINCountsLikeAnyOther(t *testing.T) {
	p := newPins(t)
	crews, nobodys := civictest.NewID[civic.Report](), civictest.NewID[civic.Report]()
	must(t, p.db, p.town.ID, civictest.Edit(civictest.Actor(p.town, "crew"), crews, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	for _, id := range []civic.ReportID{crews, nobodys} {
		r := civic.Receipt{Report: id}
		for i := range storage.MaxCodeTries {
			p.want("a try", p.try(r, "482173", fmt.Sprint(i)), "bad_pin")
		}
		p.want("one more", p.try(r, "482173", "another"), "too_many_tries")
	}
}

// TestWrongPINsOfOnePlaceWait does so longer and longer; a known place has some
// that cost nothing.
func TestWrongPINsOfOnePlaceWait(t *testing.T) {
	p := newPins(t)
	r := p.report()
	p.want("the first", p.try(r, wrong(r), "a"), "bad_pin")
	p.want("at once again", p.try(r, r.PIN, "a"), "too_soon")
	p.want("from elsewhere", p.try(r, r.PIN, "b"), "")
	p.now = p.now.Add(time.Second)
	p.want("a second later", p.try(r, wrong(r), "a"), "bad_pin")
	p.now = p.now.Add(time.Second)
	p.want("a second later again", p.try(r, r.PIN, "a"), "too_soon")
	for range 5 {
		p.want("a mistake at home", p.try(r, wrong(r), "b"), "bad_pin")
	}
	p.want("the right one at home", p.try(r, r.PIN, "b"), "")
	for range 11 {
		p.want("a neighbour's", p.try(r, wrong(r), "b"), "bad_pin")
	}
	p.want("a neighbour's next", p.try(r, wrong(r), "b"), "too_soon")
}

// TestOnePINOverManyCodes tries it at thousands of codes from hundreds of places, by
// several at once and on two nodes: a town answers so many in a day.
func TestOnePINOverManyCodes(t *testing.T) {
	p := newPins(t)
	first := p.report()
	conn, err := pgx.Connect(t.Context(), p.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the database goes too
	const codes = 2400
	// Rows beside the rules, since only their PINs are of interest.
	if _, err := conn.Exec(t.Context(), `
		WITH made AS (
			INSERT INTO report SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'code', 'ZZ' || lpad(n::text, 8, '0')))).*
			FROM report one, generate_series(1, $2::int) n WHERE one.id = $1 RETURNING jurisdiction_id, id)
		INSERT INTO report_access (jurisdiction_id, report_id, secret, pin) SELECT jurisdiction_id, id, '\x00', '\x00' FROM made`, first.Report, codes); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), `SELECT id FROM report WHERE code LIKE 'ZZ%'`)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[civic.ReportID])
	if err != nil || len(ids) != codes {
		t.Fatalf("%d codes, %v", len(ids), err)
	}
	nodes := []*storage.DB{p.db, nil}
	p.reopen()
	nodes[1] = p.db
	var answers atomic.Int64
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := w; i < len(ids); i += 8 {
				_, err := nodes[i%2].OpenByPIN(t.Context(), p.town.ID, ids[i], "482173", fmt.Sprint("place ", i%500), p.now)
				switch civic.CodeOf(err) {
				case "bad_pin":
					answers.Add(1)
				case "too_many_tries":
				default:
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := answers.Load(); got != storage.MaxTownTries {
		t.Errorf("%d answers", got)
	}
	p.want("who never was wrong, from a new place", p.try(first, first.PIN, "new"), "too_many_tries")
}

// TestOneAddressClosesNoTown tries a PIN at a thousand codes from one place: it is
// turned away long before the town is.
func TestOneAddressClosesNoTown(t *testing.T) {
	p := newPins(t)
	r, known := p.report(), p.report()
	p.want("the right one", p.try(known, known.PIN, "stranger"), "")
	answers := 0
	for range storage.MaxTownTries + 10 {
		switch got := p.try(civic.Receipt{Report: civictest.NewID[civic.Report]()}, "482173", "stranger"); got {
		case "bad_pin":
			answers++
		case "too_many_tries":
		default:
			t.Fatalf("answered %q", got)
		}
	}
	if answers != storage.MaxPlaceTries {
		t.Errorf("one address is answered %d times", answers)
	}
	p.want("even with the right one", p.try(r, r.PIN, "stranger"), "too_many_tries")
	p.want("where it was right before", p.try(known, known.PIN, "stranger"), "")
	p.want("from elsewhere", p.try(r, r.PIN, "home"), "")
	p.now = p.now.Add(26 * time.Hour)
	p.want("a day later", p.try(r, wrong(r), "stranger"), "bad_pin")
}

// TestNobodyHurriesPastTheDelays gives wrong PINs at once, where some cost nothing, at
// several codes so that connections are open at the later ones.
func TestNobodyHurriesPastTheDelays(t *testing.T) {
	p := newPins(t)
	for range 4 {
		r := p.report()
		p.want("the right one", p.try(r, r.PIN, "home"), "")
		var answers atomic.Int64
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				_, err := p.db.OpenByPIN(t.Context(), p.town.ID, r.Report, wrong(r), "home", p.now)
				switch civic.CodeOf(err) {
				case "bad_pin":
					answers.Add(1)
				case "too_soon":
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := answers.Load(); got != 11 { // ten are free
			t.Errorf("%d answers", got)
		}
	}
}

// TestTheOfficeGivesAnotherPIN lets somebody in who calls: the old PIN is wrong, the
// new one opens, whatever strangers tried, and the link stays.
func TestTheOfficeGivesAnotherPIN(t *testing.T) {
	p := newPins(t)
	r := p.report()
	for i := range storage.MaxCodeTries {
		p.try(r, wrong(r), fmt.Sprint("stranger ", i))
	}
	e := civictest.Edit(civictest.Actor(p.town, "operator"), r.Report, 1, civic.KindPIN, struct{}{})
	must(t, p.db, p.town.ID, e)
	again := p.receipt(r.Report)
	if again.PIN == r.PIN || len(again.PIN) != 6 || again.Secret != r.Secret {
		t.Fatal("the new PIN is like the old, or none, or the link is another")
	}
	p.want("the new one", p.try(r, again.PIN, "new"), "")
	p.want("the old one", p.try(r, r.PIN, "newer"), "bad_pin")
	must(t, p.db, p.town.ID, e) // sent again
	if p.receipt(r.Report).PIN != again.PIN {
		t.Error("an edit that was sent twice has given two PINs")
	}
	crew := civictest.Edit(civictest.Actor(p.town, "crew"), r.Report, 1, civic.KindPIN, struct{}{})
	if a, err := p.db.Apply(t.Context(), p.town.ID, crew, 0); err != nil || a.Status != civic.Refused {
		t.Errorf("a crew: %v, %v", a, err)
	}
	history, err := p.db.History(t.Context(), p.town.ID, r.Report)
	if err != nil || history[len(history)-1].Kind != civic.KindPIN {
		t.Errorf("the history does not know of it: %v", err)
	}
}
