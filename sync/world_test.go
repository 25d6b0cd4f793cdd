package sync_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
	fieldsync "segnavia/sync"
	"segnavia/sync/client"
)

// tester is what a world needs of a test, or of one run of a property.
type tester interface {
	rapid.TB
	Context() context.Context
	Cleanup(f func())
}

// world is a town on a real database behind a server of the protocol.
type world struct {
	t    tester
	url  string // of the database
	db   *storage.DB
	town *civic.Blueprint
	http *httptest.Server

	sync    *fieldsync.Server
	serving atomic.Pointer[fieldsync.Server] // the same, for the handlers
	end     func()
}

func newWorld(t testing.TB, change ...func(*fieldsync.Options)) *world {
	t.Helper()
	url := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, url, storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, url: url, db: db, town: civictest.Town("genova")}
	if err := db.SaveTown(t.Context(), w.town); err != nil {
		t.Fatal(err)
	}
	w.serve(change...)
	mux := http.NewServeMux()
	for pattern, serve := range map[string]func(*fieldsync.Server, http.ResponseWriter, *http.Request, civic.JurisdictionID){
		"GET /sync": serveSocket, "POST /sync/hello": (*fieldsync.Server).ServeHello,
		"POST /sync/push": (*fieldsync.Server).ServePush, "GET /sync/pull": (*fieldsync.Server).ServePull,
		"GET /sync/snapshot": (*fieldsync.Server).ServeSnapshot, "GET /sync/repair": (*fieldsync.Server).ServeRepair,
		"GET /sync/events": (*fieldsync.Server).ServeEvents,
	} {
		mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) { serve(w.serving.Load(), rw, r, w.town.ID) })
	}
	w.http = httptest.NewServer(mux)
	t.Cleanup(func() {
		w.stop()
		w.http.Close()
	})
	return w
}

// serve runs a server on the open database until end.
func (w *world) serve(change ...func(*fieldsync.Options)) {
	o := fieldsync.Options{Grants: w.db, Log: w.db, Rows: w.db, Edits: w.db}
	for _, f := range change {
		f(&o)
	}
	w.sync = fieldsync.New(o)
	w.serving.Store(w.sync)
	w.db.OnWake(w.sync.Wake)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	one := w.sync
	running.Go(func() { one.Run(ctx) })
	w.end = func() {
		cancel()
		running.Wait()
	}
}

// restart ends the server and runs another on the same database.
func (w *world) restart(change ...func(*fieldsync.Options)) {
	w.end()
	w.serve(change...)
}

// stop ends the server and closes the database.
func (w *world) stop() {
	w.end()
	w.db.Close()
}

// reopen goes on after stop.
func (w *world) reopen(change ...func(*fieldsync.Options)) {
	w.t.Helper()
	db, err := storage.Open(context.Background(), storage.Options{URL: w.url})
	if err != nil {
		w.t.Fatal(err)
	}
	w.db = db
	w.serve(change...)
}

func (w *world) device(login string) civic.Tokens {
	w.t.Helper()
	tokens, err := w.db.AddDevice(w.t.Context(), w.town.ID, civictest.Actor(w.town, login).User, "test", time.Hour, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return tokens
}

func (w *world) apply(e civic.Edit) civic.Answer {
	w.t.Helper()
	a, err := w.db.Apply(context.WithoutCancel(w.t.Context()), w.town.ID, e, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// report makes a report that the routes bring to the first team.
func (w *world) report(lon float64) civic.ReportID {
	w.t.Helper()
	id, lat := civictest.NewID[civic.Report](), 44.45
	w.apply(civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Title: "x", Lon: &lon, Lat: &lat}))
	return id
}

// follow runs a client until the test ends.
func (w *world) follow(login string, change ...func(*client.Options)) *client.Client {
	w.t.Helper()
	tokens := w.device(login)
	o := client.Options{URL: w.http.URL, Device: tokens.Device, Token: tokens.Token}
	for _, f := range change {
		f(&o)
	}
	c := client.New(o)
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.Run(ctx); err != nil && ctx.Err() == nil {
			w.t.Errorf("%s: %v", login, err)
		}
	})
	w.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return c
}

// until waits for something to become true, or fails after a while.
func (w *world) until(done func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal("did not become true")
		}
	}
}

// settled waits until a client has nothing unanswered and stands at every head.
func (w *world) settled(c *client.Client) {
	w.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		scopes := c.Scopes()
		heads, err := w.db.Heads(context.WithoutCancel(w.t.Context()), w.town.ID, scopes)
		if err != nil {
			w.t.Fatal(err)
		}
		behind := ""
		for _, s := range scopes {
			if cursor, _, _ := c.Held(s); cursor != heads[s].V {
				behind = fmt.Sprintf("%s at %d of %d", s, cursor, heads[s].V)
			}
		}
		if behind == "" && c.Pending() == 0 && len(scopes) > 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("not settled: %s, %d pending, %+v", behind, c.Pending(), c.Counts())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// equal compares every scope of a client with the tables.
func (w *world) equal(c *client.Client) {
	w.t.Helper()
	ctx := context.WithoutCancel(w.t.Context())
	for _, s := range c.Scopes() {
		have := c.Rows(s)
		var bodies []civic.Body
		rows := map[civic.ReportID]*civic.Row{}
		if _, err := w.db.Snapshot(ctx, w.town.ID, s, civic.ReportID{}, func(civic.Head) error { return nil }, func(page []civic.Row) error {
			for i := range page {
				rows[page[i].ID] = &page[i]
				bodies = append(bodies, civic.Body{ID: page[i].ID, Whole: true, JSON: &page[i].Body})
			}
			return nil
		}); err != nil {
			w.t.Fatal(err)
		}
		if s.Kind() == civic.ScopeTeam || s.Kind() == civic.ScopeDesk || s.Kind() == civic.ScopeOwn {
			who := civic.WhoNobody
			if s.Kind() == civic.ScopeDesk {
				who = civic.WhoToAnswer
			}
			if err := w.db.Join(ctx, w.town.ID, bodies, who); err != nil {
				w.t.Fatal(err)
			}
		}
		if len(have) != len(rows) {
			w.t.Errorf("%s: %d rows, want %d", s, len(have), len(rows))
		}
		for id, want := range rows {
			if got := have[id]; got.Rev != want.Rev || !same(got.Body, want.Body) {
				w.t.Fatalf("%s: %s is\n%s at %d, want\n%s at %d", s, id, got.Body, got.Rev, want.Body, want.Rev)
			}
		}
		heads, err := w.db.Heads(ctx, w.town.ID, []civic.Scope{s})
		if _, sum, _ := c.Held(s); err != nil || sum != heads[s].Sum {
			w.t.Errorf("%s: sum %s, want %s (%v)", s, sum, heads[s].Sum, err)
		}
	}
}

func same(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// ask sends a request of the HTTP twin and reads its answer.
func (w *world) ask(method, path, token, body string) (status int, header http.Header, answer string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := w.http.Client().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it is read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return res.StatusCode, res.Header, err.Error()
	}
	return res.StatusCode, res.Header, string(raw)
}

// wire is a bare socket, for tests that say exactly what is sent.
type wire struct {
	t    tester
	conn *websocket.Conn
}

func (w *world) wire() *wire {
	w.t.Helper()
	d := websocket.Dialer{Subprotocols: []string{"segnavia.sync.1"}}
	conn, res, err := d.DialContext(w.t.Context(), strings.Replace(w.http.URL, "http", "ws", 1)+"/sync", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close() // there is none
	w.t.Cleanup(func() { _ = conn.Close() })
	return &wire{w.t, conn}
}

func (w *wire) send(frame string) {
	w.t.Helper()
	if err := w.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		w.t.Fatal(err)
	}
}

// next reads the next frame that is not a heartbeat.
func (w *wire) next() map[string]any {
	w.t.Helper()
	if err := w.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		w.t.Fatal(err)
	}
	for {
		_, raw, err := w.conn.ReadMessage()
		if err != nil {
			w.t.Fatalf("no frame: %v", err)
		}
		var f map[string]any
		if err := json.Unmarshal(raw, &f); err != nil {
			w.t.Fatal(err)
		}
		if f["t"] != "hb" {
			return f
		}
	}
}

// closed reads until the socket ends and gives the code.
func (w *wire) closed() int {
	w.t.Helper()
	if err := w.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		w.t.Fatal(err)
	}
	for {
		if _, _, err := w.conn.ReadMessage(); err != nil {
			if e, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it bare
				return e.Code
			}
			w.t.Fatalf("no close: %v", err)
		}
	}
}

func (w *world) hello(tokens civic.Tokens, cursors string) *wire {
	w.t.Helper()
	c := w.wire()
	c.send(fmt.Sprintf(`{"t":"hello","proto":1,"device":%q,"token":%q,"epoch":%q,"cursors":%s,"next_n":1}`,
		tokens.Device, tokens.Token, w.db.Epoch(), cursors))
	return c
}

// anybody bounds no sockets: a test opens as many as it means to.
type anybody struct{}

func (anybody) Waits(func()) {}
func (anybody) Known()       {}
func (anybody) Gone()        {}

func serveSocket(s *fieldsync.Server, w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	s.ServeSocket(w, r, j, anybody{})
}
