package sync_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"segnavia/civic"
	"segnavia/storage"
	fieldsync "segnavia/sync"
	"segnavia/sync/client"
)

// model is the town with its phones, and what is known of every edit.
type model struct {
	t      *rapid.T
	w      *world
	cutter *cutter
	offset atomic.Int64 // of the server's clock, in nanoseconds

	phones  []*phone
	reports []civic.ReportID
	saved   string // the database that a backup made, or ""
	copies  int

	mu      sync.Mutex
	pushed  map[civic.EditID]*phone
	answers map[civic.EditID]civic.Answer // in the present epoch
	changed []string                      // answers that differ from the first
}

// phone is a device with its person. Its outbox outlives its memory.
type phone struct {
	login  string
	tokens civic.Tokens
	client *client.Client
	stop   func()
	edits  []civic.Edit
	may    []civic.Scope // beside what is offered
	away   bool
	died   bool // and knows no more what it was answered
}

func newModel(t *testing.T, rt *rapid.T) *model {
	m := &model{t: rt, pushed: make(map[civic.EditID]*phone), answers: make(map[civic.EditID]civic.Answer)}
	m.w = newWorld(t, m.clockOf)
	m.w.t = rt
	m.cutter = newCutter(t, m.w.http.Listener.Addr().String())
	for i := range 5 {
		m.reports = append(m.reports, m.w.report(8.81+float64(i)*0.01))
	}
	for _, login := range []string{"crew", "crew2", "operator", "planner"} {
		p := &phone{login: login, tokens: m.w.device(login)}
		if login == "planner" {
			for _, a := range m.w.town.Areas {
				p.may = append(p.may, civic.ScopeOf(civic.ScopeArea, a.ID))
			}
		}
		m.phones = append(m.phones, p)
		m.start(p)
	}
	return m
}

func (m *model) clockOf(o *fieldsync.Options) {
	o.Now = func() time.Time { return time.Now().Add(time.Duration(m.offset.Load())) }
}

// start gives a phone a client whose outbox is what was never answered.
func (m *model) start(p *phone) {
	p.client = client.New(client.Options{
		URL: "http://" + m.cutter.addr, Device: p.tokens.Device, Token: p.tokens.Token,
		HTTP: &http.Client{Timeout: 5 * time.Second}, BackoffMost: 200 * time.Millisecond, Answered: m.answered,
	})
	p.client.Away(p.away)
	m.mu.Lock()
	for _, e := range p.edits {
		if _, known := m.answers[e.ID]; !known {
			p.client.Push(e)
		}
	}
	m.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	one := p.client
	go func() { // p.stop waits for it
		defer close(done)
		for ctx.Err() == nil { // a token that has ended is good again when the clock is
			_ = one.Run(ctx)
			time.Sleep(50 * time.Millisecond)
		}
	}()
	p.stop = func() {
		cancel()
		<-done
	}
}

// answered notes an answer. One of another epoch counts for nothing: the edit is
// offered again.
func (m *model) answered(a civic.Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if first, known := m.answers[a.ID]; known && (first.Status != a.Status || first.Rev != a.Rev) {
		m.changed = append(m.changed, fmt.Sprintf("%s: %s at %d, then %s at %d", a.ID, first.Status, first.Rev, a.Status, a.Rev))
	}
	m.answers[a.ID] = a
}

// phoneDies takes a phone's memory: what it held, and not what it had to say.
func (m *model) phoneDies(t *rapid.T) {
	p := m.phone(t)
	p.died = true
	p.stop()
	m.start(p)
}

// serverDies ends the server's sessions without a word and starts another.
func (m *model) serverDies(*rapid.T) {
	m.cutter.all()
	m.w.restart(m.clockOf)
}

// upgrade runs the migrations again, as a new version does before it serves.
func (m *model) upgrade(t *rapid.T) {
	if err := storage.Migrate(t.Context(), m.w.url); err != nil {
		t.Fatal(err)
	}
	m.w.restart(m.clockOf)
}

// backup copies the database as it is.
func (m *model) backup(t *rapid.T) {
	if m.copies > 3 {
		t.Skip("enough of them")
	}
	m.copies++
	m.saved = m.swap(t, fmt.Sprintf("backup%d", m.copies), false)
}

// restore brings the last backup back, in a new epoch. What was acknowledged
// since is lost, until the phones offer it again.
func (m *model) restore(t *rapid.T) {
	if m.saved == "" {
		t.Skip("no backup yet")
	}
	m.saved = m.swap(t, m.saved, true)
	for _, p := range m.phones {
		if p.died { // a real one keeps on its disk what it was told; this one offers all
			p.died = false
			p.stop()
			m.start(p)
		}
	}
}

// swap copies the open database to a name, or a name over it in a new epoch.
func (m *model) swap(t *rapid.T, name string, back bool) string {
	address := m.w.url
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	mine := u.Path[1:]
	if !back {
		name = mine + "_" + name
	}
	m.w.stop()
	u.Path = "/postgres"
	admin, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background()) //nolint:errcheck // nothing hangs on it
	for _, sql := range map[bool][]string{
		false: {"CREATE DATABASE " + pgx.Identifier{name}.Sanitize() + " TEMPLATE " + pgx.Identifier{mine}.Sanitize()},
		true: {
			"DROP DATABASE " + pgx.Identifier{mine}.Sanitize() + " WITH (FORCE)",
			"CREATE DATABASE " + pgx.Identifier{mine}.Sanitize() + " TEMPLATE " + pgx.Identifier{name}.Sanitize(),
		},
	}[back] {
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if back {
		m.newEpoch(t, address)
		time.Sleep(50 * time.Millisecond) // what the old epoch said has been read
		m.mu.Lock()
		m.answers = make(map[civic.EditID]civic.Answer)
		m.mu.Unlock()
	}
	m.w.reopen(m.clockOf)
	return name
}

func (m *model) newEpoch(t *rapid.T, address string) {
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // nothing hangs on it
	if _, err := conn.Exec(t.Context(), `UPDATE installation SET epoch = gen_random_uuid()`); err != nil {
		t.Fatal(err)
	}
}

// rest gives everybody a network and the right time, and compares: each edit has
// one answer, what was acknowledged is stored, each replica equals the tables,
// and the log agrees with them.
func (m *model) rest() {
	m.offset.Store(0)
	m.cutter.all() // one that was greeted with an ended token may push only, until it connects again
	for _, p := range m.phones {
		p.away = false
		p.client.Away(false)
	}
	for _, p := range m.phones {
		m.w.settled(p.client)
	}
	for _, p := range m.phones {
		m.w.equal(p.client)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := make([]civic.EditID, 0, len(m.pushed))
	for id, p := range m.pushed {
		if _, answered := m.answers[id]; !answered {
			m.t.Errorf("%s of %s has no answer", id, p.login)
		}
		ids = append(ids, id)
	}
	for _, text := range m.changed {
		m.t.Errorf("answered twice: %s", text)
	}
	_, stored, err := m.w.db.Pushed(m.t.Context(), m.w.town.ID, m.phones[0].tokens.Device, ids)
	if err != nil || len(stored) != len(ids) {
		m.t.Errorf("%d of %d edits are stored, %v", len(stored), len(ids), err)
	}
	if n := m.w.sync.Counts().Mismatches; n != 0 {
		m.t.Errorf("%d checksum mismatches", n)
	}
	if found, err := m.w.db.CheckLog(m.t.Context(), m.w.town.ID); err != nil || found.Ops+found.Heads > 0 {
		m.t.Errorf("log against tables: %+v, %v", found, err)
	}
}

func (m *model) end() {
	for _, p := range m.phones {
		p.stop()
	}
}
