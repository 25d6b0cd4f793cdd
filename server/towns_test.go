package server_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/photo"
	"segnavia/server"
	"segnavia/storage"
	"segnavia/storage/objects"
	"segnavia/storage/storagetest"
	fieldsync "segnavia/sync"
	"segnavia/tiles"
	"segnavia/web"
)

// towns is a server of two towns, with a case in the first whose words are
// canaries, and everybody who may ask.
type towns struct {
	t       testing.TB
	url     string
	db      *storage.DB
	a, b    *civic.Blueprint
	srv     *server.Server
	http    *httptest.Server
	callers []caller
	report  civic.ReportID // of a public service, routed to the first team
	private civic.ReportID // of a service that is never public
	code    civic.Code
	// privateCode is that of private.
	privateCode civic.Code
	photo       civic.SHA256
	upload      civic.UploadID // of the crew's
	count       atomic.Int64
	note        civic.EditID // the operator's, in report
	sent        string       // the body of a report as its sender posted it, without their nonce
	receipt     civic.Receipt
	bucket      *objects.Bucket
	// again is another server on the same database and bucket.
	again func(change ...func(*server.Options)) *httptest.Server
}

// caller is somebody of the first town: by session where there is one, by a
// device's token on the paths of the sync.
type caller struct {
	name   string
	cookie func() http.Cookie
	token  func() string
	bearer bool // shows the token everywhere
	key    string
}

func (f *towns) next() int64 { return f.count.Add(1) }

func newTowns(t testing.TB, open bool) *towns {
	t.Helper()
	return makeTowns(t, open, "")
}

// newTownsWith has a map as one file.
func newTownsWith(t *testing.T, basemap string) *towns {
	t.Helper()
	return makeTowns(t, false, basemap)
}

func makeTowns(t testing.TB, open bool, basemap string) *towns {
	t.Helper()
	f := &towns{t: t, url: storagetest.Database(t, storage.Migrate, storage.SchemaKey())}
	var err error
	if f.db, err = storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, f.url, storage.Admit)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.db.Close)
	f.a, f.b = civictest.Town("genova"), civictest.Town("milano")
	f.a.Hosts, f.b.Hosts = []string{"a.test"}, []string{"b.test"}
	for _, town := range []*civic.Blueprint{f.a, f.b} {
		if err := f.db.SaveTown(t.Context(), town); err != nil {
			t.Fatal(err)
		}
	}
	bucket, words, drawn := furniture(t)
	f.bucket = bucket
	options := server.Options{
		Store: f.db, Bucket: pageBucket{bucket}, Tiles: tiles.NewServer(1<<20, time.Now), Photos: photo.New(t.TempDir()),
		Sync: fieldsync.New(fieldsync.Options{Grants: f.db, Log: f.db, Rows: f.db, Edits: f.db}),
		Town: func(j civic.JurisdictionID) *tiles.Town {
			return &tiles.Town{ID: uuid.UUID(j), Name: "town", Index: tiles.NewIndex(), Streets: tiles.NewStreets(nil)}
		},
		Words: words, Pages: drawn, Assets: web.Assets(), Logger: slog.New(slog.DiscardHandler), Open: open, TrustProxy: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Basemap: basemap,
		MetricsToken: "figures", Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }),
	}
	f.again = func(change ...func(*server.Options)) *httptest.Server {
		o := options
		for _, c := range change {
			c(&o)
		}
		if f.srv, err = server.New(o); err != nil {
			t.Fatal(err)
		}
		h := httptest.NewServer(f.srv)
		t.Cleanup(h.Close)
		return h
	}
	f.http = f.again()
	f.fill(bucket)
	f.post()
	f.people()
	return f
}

// post sends a report as anybody may, whose words others then repeat.
func (f *towns) post() {
	f.t.Helper()
	id := civictest.NewID[civic.Report]()
	words := `{"id":"` + id.String() + `","service":"pothole","lon":8.86,"lat":44.45,"title":"Sent once"`
	f.sent = words + "}"
	if status, body := f.ask(caller{name: "anonymous"}, "a.test", "POST", "/api/v1/reports", words+`,"nonce":"`+mine+`"}`); status != http.StatusCreated {
		f.t.Fatalf("%d %s", status, body)
	}
	var err error
	if f.receipt, err = f.db.Receipt(f.t.Context(), f.a.ID, id); err != nil {
		f.t.Fatal(err)
	}
}

func (f *towns) apply(e civic.Edit) civic.Answer {
	f.t.Helper()
	a, err := f.db.Apply(f.t.Context(), f.a.ID, e, 0)
	if err != nil || a.Status == civic.Refused {
		f.t.Fatalf("%s: %s %v", e.Kind, a.Code, err)
	}
	return a
}

// fill makes the cases with their canaries.
func (f *towns) fill(bucket *objects.Bucket) {
	f.t.Helper()
	lon, lat := 8.85, 44.45
	make := func(service string) civic.ReportID {
		id := civictest.NewID[civic.Report]()
		f.apply(civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, civic.CreateArgs{
			Service: service, Title: "CANARY-TITLE", Description: "CANARY-WORDS", Lon: &lon, Lat: &lat,
			Contact: civic.Contact{Name: "CANARY-NAME", Phone: "CANARY-PHONE"},
		}))
		note := civictest.Edit(civictest.Actor(f.a, "operator"), id, 9, civic.KindNote, civic.TextArgs{Text: "CANARY-NOTE"})
		f.apply(note)
		f.note = note.ID
		return id
	}
	f.private = make("distress")
	f.report = make("pothole")
	receipt, err := f.db.Receipt(f.t.Context(), f.a.ID, f.report)
	if err != nil {
		f.t.Fatal(err)
	}
	f.code = receipt.Code
	hidden, err := f.db.Receipt(f.t.Context(), f.a.ID, f.private)
	if err != nil {
		f.t.Fatal(err)
	}
	f.privateCode = hidden.Code
	f.photo = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	picture := []byte("CANARY-PICTURE")
	if err := bucket.Put(f.t.Context(), server.PhotoKey(f.a.ID, f.photo, "320.jpg"), bytes.NewReader(picture), int64(len(picture)), "image/jpeg"); err != nil {
		f.t.Fatal(err)
	}
	attach := civictest.Edit(civictest.Citizen, f.report, 9, civic.KindAttach, civic.AttachArgs{
		SHA256: f.photo, Bytes: 10, Mime: "image/jpeg", Stage: civic.StageReport,
	})
	attach.Minted.Proven = true
	f.apply(attach)
	if err := f.db.SavePhoto(f.t.Context(), f.a.ID, civic.StoredPhoto{SHA256: f.photo, Mime: "image/jpeg", Bytes: 10, W: 10, H: 10}, civic.Sender{}); err != nil {
		f.t.Fatal(err)
	}
	u, err := f.db.BeginUpload(f.t.Context(), f.a.ID, civic.Upload{
		ID: civictest.NewID[civic.Upload](), Sender: civic.Sender{User: civictest.Actor(f.a, "crew").User}, Bytes: 10,
	}, time.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	f.upload = u.ID
	f.apply(civic.SystemEdit(f.db.TownKey(f.a.ID), civic.EditID(f.report), f.report, civic.KindPhoto,
		civic.PhotoArgs{SHA256: f.photo, State: civic.PhotoReady, W: 10, H: 10}, "ready"))
}

// people makes a session and a device of each person, and those without either.
func (f *towns) people() {
	f.t.Helper()
	ctx, now := f.t.Context(), time.Now()
	device := func(user civic.UserID, at time.Time) civic.Tokens {
		tokens, err := f.db.AddDevice(ctx, f.a.ID, user, "test", time.Hour, at)
		if err != nil {
			f.t.Fatal(err)
		}
		return tokens
	}
	for _, u := range f.a.Users {
		f.callers = append(f.callers, caller{name: u.Login, token: func() string { return device(u.ID, now).Token }, cookie: func() http.Cookie {
			token, err := f.db.AddSession(ctx, f.a.ID, u.ID, "")
			if err != nil {
				f.t.Fatal(err)
			}
			return http.Cookie{Name: "session", Value: token}
		}})
	}
	crew := civictest.Actor(f.a, "crew").User
	revoked, gone := device(crew, now), device(crew, now)
	if _, err := f.db.SignOutEverywhere(ctx, f.a.ID, crew, crew); err != nil {
		f.t.Fatal(err)
	}
	if err := f.db.RevokeDevice(ctx, f.a.ID, revoked.Device); err != nil {
		f.t.Fatal(err)
	}
	receipt, err := f.db.Receipt(ctx, f.a.ID, f.report)
	if err != nil {
		f.t.Fatal(err)
	}
	key := func(scopes []string, expires time.Time) string {
		key, _, err := f.db.AddAPIKey(ctx, f.a.ID, "fixmystreet", scopes, expires)
		if err != nil {
			f.t.Fatal(err)
		}
		return key
	}
	ended := key(civic.KeyScopes, now.Add(time.Hour))
	if _, err := f.db.RevokeAPIKey(ctx, f.a.ID, ended[:strings.LastIndexByte(ended, '_')]); err != nil {
		f.t.Fatal(err)
	}
	f.callers = append(f.callers,
		caller{name: "key", key: key(civic.KeyScopes, now.Add(time.Hour))},
		caller{name: "expired key", key: key(civic.KeyScopes, now.Add(-time.Hour))},
		caller{name: "revoked key", key: ended},
		caller{name: "anonymous"},
		caller{name: "citizen", cookie: func() http.Cookie {
			return http.Cookie{Name: "r-" + string(receipt.Code), Value: receipt.Secret}
		}},
		caller{name: "revoked", token: func() string { return revoked.Token }, bearer: true},
		caller{name: "signed out", token: func() string { return gone.Token }, bearer: true},
		caller{name: "expired", token: func() string { return device(crew, now.Add(-2*time.Hour)).Token }, bearer: true},
	)
}

// dropRowSecurity switches row security off, as no program of ours ever does.
func (f *towns) dropRowSecurity() {
	f.t.Helper()
	conn, err := pgx.Connect(f.t.Context(), f.url)
	if err != nil {
		f.t.Fatal(err)
	}
	defer conn.Close(f.t.Context()) //nolint:errcheck // the database goes too
	rows, err := conn.Query(f.t.Context(), `SELECT c.oid::regclass::text FROM pg_class c WHERE relrowsecurity`)
	if err != nil {
		f.t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 20 {
		f.t.Fatalf("%d tables with row security, %v", len(names), err)
	}
	for _, name := range names {
		if _, err := conn.Exec(f.t.Context(), `ALTER TABLE `+name+` NO FORCE ROW LEVEL SECURITY`); err != nil {
			f.t.Fatal(err)
		}
		if _, err := conn.Exec(f.t.Context(), `ALTER TABLE `+name+` DISABLE ROW LEVEL SECURITY`); err != nil {
			f.t.Fatal(err)
		}
	}
}
