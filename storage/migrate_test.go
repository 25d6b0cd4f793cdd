package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// lived is a town that has worked for a while.
type lived struct {
	t    *testing.T
	db   *storage.DB
	town *civic.Blueprint
	// placed lies on the map, unplaced waits for a place.
	placed, unplaced civic.ReportID
	receipt          civic.Receipt
	key              string
	crew             civic.Tokens
	// photos by who brought them, to which report and when.
	photos map[string]civic.SHA256
}

const home = "192.0.2.7"

// newLived fills a database by the program's own writers: cases with words, photos
// and a history, a phone, a key, a place from where a PIN was right.
func newLived(t *testing.T) *lived {
	t.Helper()
	db, town := open(t)
	l := &lived{t: t, db: db, town: town, photos: make(map[string]civic.SHA256)}
	l.placed = l.report(create("pothole", 8.85, 44.45))
	l.unplaced = l.report(civic.CreateArgs{Service: "pothole", Title: "Buca", Channel: civic.ChannelWeb})
	l.photo("citizen's, placed", civictest.Citizen, l.placed, civic.StageReport)
	l.photo("citizen's, waiting", civictest.Citizen, l.unplaced, civic.StageReport)
	l.photo("citizen's, waiting for long", civictest.Citizen, l.unplaced, civic.StageReport)
	l.photo("operator's", civictest.Actor(town, "operator"), l.unplaced, civic.StageReport)
	l.photo("crew's", civictest.Actor(town, "crew"), l.placed, "after")
	must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), l.placed, 9, civic.KindNote, civic.TextArgs{Text: "Sentito il vigile"}))
	var err error
	if l.receipt, err = db.Receipt(t.Context(), town.ID, l.placed); err != nil {
		t.Fatal(err)
	}
	if _, err := db.OpenByPIN(t.Context(), town.ID, l.placed, l.receipt.PIN, home, time.Now()); err != nil {
		t.Fatal(err)
	}
	if l.crew, err = db.AddDevice(t.Context(), town.ID, civictest.Actor(town, "crew").User, "phone", time.Hour, time.Now()); err != nil {
		t.Fatal(err)
	}
	if l.key, _, err = db.AddAPIKey(t.Context(), town.ID, "fixmystreet", []string{civic.KeyRequests, civic.KeyUpdates}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *lived) report(args civic.CreateArgs) civic.ReportID {
	l.t.Helper()
	id := civictest.NewID[civic.Report]()
	must(l.t, l.db, l.town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, args))
	return id
}

func (l *lived) photo(whose string, by civic.Actor, of civic.ReportID, stage string) {
	l.t.Helper()
	hash := civic.SHA256(strings.Repeat(fmt.Sprint(len(l.photos)+1), 64))
	l.photos[whose] = hash
	e := civictest.Edit(by, of, 9, civic.KindAttach, civic.AttachArgs{SHA256: hash, Bytes: 10, Mime: "image/jpeg", Stage: stage})
	e.Minted.Proven = true
	must(l.t, l.db, l.town.ID, e)
	if err := l.db.SavePhoto(l.t.Context(), l.town.ID, civic.StoredPhoto{SHA256: hash, Mime: "image/jpeg", Bytes: 10, W: 4, H: 3}, civic.Sender{}); err != nil {
		l.t.Fatal(err)
	}
}

// ago puts what is in the tables into a database of an older schema, which has
// fewer columns and tables.
func (l *lived) ago(version int64) (url string) {
	l.t.Helper()
	url = storagetest.Database(l.t, storage.MigrateTo(version), fmt.Sprint(version, storage.SchemaKey()))
	from := admin(l.t, l.db)
	to, err := pgx.Connect(l.t.Context(), url)
	if err != nil {
		l.t.Fatal(err)
	}
	defer to.Close(l.t.Context())                              //nolint:errcheck // what was written is read below
	execute(l.t, to, `SET session_replication_role = replica`) // tables in any order
	for _, table := range texts(l.t, to, `
		SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
		  AND NOT c.relispartition AND c.relname NOT IN ('goose_db_version', 'spatial_ref_sys')`) {
		columns := strings.Join(texts(l.t, to, `
			SELECT quote_ident(attname) FROM pg_attribute
			WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`, table), ", ")
		var rows bytes.Buffer
		if _, err := from.PgConn().CopyTo(l.t.Context(), &rows, fmt.Sprintf(`COPY (SELECT %s FROM %s) TO STDOUT`, columns, table)); err != nil {
			l.t.Fatal(err)
		}
		execute(l.t, to, `DELETE FROM `+table)
		if _, err := to.PgConn().CopyFrom(l.t.Context(), &rows, fmt.Sprintf(`COPY %s (%s) FROM STDIN`, table, columns)); err != nil {
			l.t.Fatalf("%s: %v", table, err)
		}
	}
	return url
}

// A town that has lived with the schema of version 20 is brought up to this one:
// nothing of it is lost, what the migrations add or take away is as they say, and
// the program reads and writes on.
func TestATownThatHasLivedIsMigrated(t *testing.T) {
	l := newLived(t)
	url := l.ago(20)
	old, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close(t.Context()) //nolint:errcheck // the test is over
	execute(t, old, `UPDATE photo SET lon = 8.85, lat = 44.45, taken = now()`)
	execute(t, old, `UPDATE photo SET stored = now() - interval '31 days' WHERE sha256 = $1`, string(l.photos["citizen's, waiting for long"]))
	if err := storage.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	_, want := tables(t, storagetest.Admin(t, storage.URLOf(l.db)))
	_, got := tables(t, url)
	for _, list := range []*[]storage.Table{&want, &got} {
		*list = slices.DeleteFunc(*list, func(t storage.Table) bool {
			return strings.HasPrefix(t.Name, "river.") || t.Name == "goose_db_version"
		})
	}
	// Photos lose a place, and times in teams begin earlier than they did here.
	if list := storage.Differences(want, got, "photo", "tenure"); len(list) > 0 || len(want) < 30 {
		t.Errorf("of %d tables differ %v", len(want), list)
	}
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, url, storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	l.reads(db)
	l.photosOf(db)
	l.writes(db)
	if found, err := db.CheckLog(t.Context(), l.town.ID); err != nil || found.Ops+found.Heads > 0 || found.Members == 0 {
		t.Errorf("log against tables: %+v, %v", found, err)
	}
}

// reads compares what the program reads of both databases.
func (l *lived) reads(db *storage.DB) {
	l.t.Helper()
	ctx, j := l.t.Context(), l.town.ID
	for name, read := range map[string]func(*storage.DB) (any, error){
		"towns":     func(db *storage.DB) (any, error) { return db.Towns(ctx) },
		"a report":  func(db *storage.DB) (any, error) { return db.Report(ctx, j, l.placed) },
		"unplaced":  func(db *storage.DB) (any, error) { return db.Report(ctx, j, l.unplaced) },
		"by code":   func(db *storage.DB) (any, error) { return db.ReportByCode(ctx, j, l.receipt.Code) },
		"a list":    func(db *storage.DB) (any, error) { return db.Reports(ctx, j, civic.Filter{Limit: 10}) },
		"texts":     func(db *storage.DB) (any, error) { return db.Texts(ctx, j, l.placed) },
		"history":   func(db *storage.DB) (any, error) { return db.History(ctx, j, l.placed) },
		"a receipt": func(db *storage.DB) (any, error) { return db.Receipt(ctx, j, l.placed) },
		"a key":     func(db *storage.DB) (any, error) { return db.APIKey(ctx, j, l.key) },
		"the rules": func(db *storage.DB) (any, error) {
			rules, err := db.Rules(ctx, j)
			if err != nil {
				return nil, err
			}
			return rules.Services, nil
		},
		"the log": func(db *storage.DB) (any, error) {
			delta, head, err := db.Pull(ctx, j, civic.ScopeOf(civic.ScopeDesk, l.town.Desks[0].ID), 0, 100)
			return []any{delta, head}, err
		},
		"a grant": func(db *storage.DB) (any, error) {
			g, err := db.Grant(ctx, j, l.crew.Token, time.Now())
			g.Actor.Tenures = nil // begin earlier, as they are to
			return g.Actor, err
		},
		"the way back in": func(db *storage.DB) (any, error) {
			return db.OpenByPIN(ctx, j, l.placed, l.receipt.PIN, home, time.Now())
		},
	} {
		want, err := read(l.db)
		if err != nil {
			l.t.Fatalf("%s: %v", name, err)
		}
		if got, err := read(db); err != nil || !reflect.DeepEqual(got, want) {
			l.t.Errorf("%s: %+v\nwant %+v, %v", name, got, want, err)
		}
	}
}

// photosOf says whose photos keep where and when they were taken: those of people
// whose report waits for a place, for thirty days.
func (l *lived) photosOf(db *storage.DB) {
	l.t.Helper()
	for whose, hash := range l.photos {
		p, err := db.Photo(l.t.Context(), l.town.ID, hash)
		if err != nil {
			l.t.Fatal(err)
		}
		if kept, want := p.Lon != nil || p.Lat != nil || p.Taken != nil, whose == "citizen's, waiting"; kept != want || p.W != 4 || p.H != 3 {
			l.t.Errorf("the %s photo: %+v", whose, p)
		}
	}
	trails, err := db.Trails(l.t.Context(), l.town.ID, "", 10)
	if err != nil || len(trails) != 2 || !slices.ContainsFunc(trails, l.is("operator's")) || !slices.ContainsFunc(trails, l.is("crew's")) {
		l.t.Errorf("originals that are to be stripped: %v, %v", trails, err)
	}
}

func (l *lived) is(whose string) func(civic.StoredPhoto) bool {
	return func(p civic.StoredPhoto) bool { return p.SHA256 == l.photos[whose] }
}

// writes does what the new tables and columns are for.
func (l *lived) writes(db *storage.DB) {
	l.t.Helper()
	ctx, j := context.WithoutCancel(l.t.Context()), l.town.ID
	r, err := db.Report(ctx, j, l.placed)
	if err != nil {
		l.t.Fatal(err)
	}
	must(l.t, db, j, civictest.Edit(civictest.Actor(l.town, "operator"), l.placed, r.Rev, civic.KindAssign, civic.AssignArgs{Team: l.town.Teams[2].ID}))
	late := push(l.t, db, l.town, l.crew, civictest.Edit(civic.Actor{}, l.placed, r.Rev, civic.KindNote, civic.TextArgs{Text: "Fatto"}))
	if late.Status != civic.Applied {
		l.t.Errorf("late work of who was in the team before there were times in teams: %+v", late.Result)
	}
	if _, _, err := db.AddAPIKey(ctx, j, "aggregator", []string{civic.KeyEvery}, time.Now().Add(time.Hour)); err != nil {
		l.t.Errorf("a key of the new scope: %v", err)
	}
	if _, err := db.OpenByPIN(ctx, j, civictest.NewID[civic.Report](), "123456", home, time.Now()); civic.CodeOf(err) != "bad_pin" {
		l.t.Errorf("a try at a report that is not there: %v", err)
	}
	l.town.Services[2].Confidential = true
	if err := db.SaveTown(ctx, l.town); err != nil {
		l.t.Errorf("a confidential service: %v", err)
	}
	if rules, err := db.Rules(ctx, j); err != nil || !rules.Services[l.town.Services[2].ID].Confidential {
		l.t.Errorf("the service is not confidential, %v", err)
	}
}
