package sync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"segnavia/civic"
)

// memory is a log of one scope that tests write by hand: one op a version.
type memory struct {
	mu   sync.Mutex
	head int64
	lag  int64 // how many of the newest versions Pull does not see yet
	body string
}

func (m *memory) Epoch() string { return "e" }

func (m *memory) Heads(_ context.Context, _ civic.JurisdictionID, scopes []civic.Scope) (map[civic.Scope]civic.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	heads := make(map[civic.Scope]civic.Head)
	for _, s := range scopes {
		heads[s] = civic.Head{Scope: s, V: m.head}
	}
	return heads, nil
}

func (m *memory) Behind(context.Context, civic.JurisdictionID, map[civic.Scope]int64, int) (map[civic.Scope]int, error) {
	return nil, nil
}

func (m *memory) Pull(_ context.Context, _ civic.JurisdictionID, s civic.Scope, from int64, limit int) (civic.Delta, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := civic.Delta{Scope: s, From: from, To: from}
	for v := from + 1; v <= m.head-m.lag && len(d.Ops) < limit; v++ {
		d.Ops = append(d.Ops, civic.Op{V: v, Kind: civic.OpEnter, Rev: v, Body: json.RawMessage(m.body)})
		d.To = v
	}
	return d, m.head, nil
}

func (m *memory) Join(context.Context, civic.JurisdictionID, []civic.Body, civic.Who) error {
	return nil
}

func (m *memory) grow(n int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.head += n
	return m.head
}

// anybody grants an operator everything.
type anybody struct{}

func (anybody) Grant(context.Context, civic.JurisdictionID, string, time.Time) (civic.Grant, error) {
	return civic.Grant{Actor: civic.Actor{Role: civic.RoleAdmin}, Expires: time.Now().Add(time.Hour)}, nil
}

func (anybody) GrantsOf(context.Context, civic.JurisdictionID, []civic.DeviceID) (map[civic.DeviceID]civic.Grant, error) {
	return nil, errors.New("not asked")
}

// slowWire is a socket whose writes wait for the test.
type slowWire struct {
	gate   chan struct{}
	closed chan struct{}

	mu     sync.Mutex
	frames []string
}

func newSlowWire() *slowWire {
	return &slowWire{gate: make(chan struct{}), closed: make(chan struct{})}
}

func (w *slowWire) write(it item) error {
	select {
	case <-w.gate:
	case <-w.closed:
		return errors.New("closed")
	}
	text := fmt.Sprintf("delta %d", it.to)
	if it.scope == "" {
		text, _ = frameKind(it.raw)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frames = append(w.frames, text)
	return nil
}

func (w *slowWire) close(int) { close(w.closed) }
func (w *slowWire) ping()     {}

func (w *slowWire) written() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.frames
	w.frames = nil
	return list
}

const slowScope = civic.Scope("team:01890a5d-ac96-774b-bcce-b302099a8057")

// say gives a session a frame and wants no refusal.
func say(t *testing.T, ss *session, frame string) {
	t.Helper()
	if bad := ss.handle(t.Context(), []byte(frame)); bad != nil {
		t.Fatalf("%s: %+v", frame, bad)
	}
}

func slowWorld(t *testing.T, log *memory) (*Server, *session, *slowWire) {
	t.Helper()
	s := New(Options{Grants: anybody{}, Log: log, Logger: slog.New(slog.DiscardHandler)})
	w := newSlowWire()
	ss := newSession(s, civic.JurisdictionID{}, w)
	_, ss.stop = context.WithCancel(context.Background())
	s.add(ss)
	s.work.Done() // it has no reader here
	say(t, ss, `{"t":"hello","proto":1,"epoch":"e","cursors":{"`+string(slowScope)+`":0}}`)
	return s, ss, w
}

func TestASlowSocketIsPokedOnceAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memory{body: `"` + strings.Repeat("x", 70_000) + `"`}
		s, ss, w := slowWorld(t, log)
		synctest.Wait()
		for range 12 { // 840 KB for a queue of 256 KiB
			s.hub.wake(ss.j, slowScope, log.grow(1))
			synctest.Wait()
		}
		close(w.gate)
		synctest.Wait()
		frames := w.written()
		pokes, after := 0, 0
		for _, f := range frames {
			if f == "poke" {
				pokes++
			} else if pokes > 0 && f != "hb" {
				after++
			}
		}
		if pokes != 1 || after != 0 || frames[0] != "welcome" {
			t.Fatalf("written %v, want one poke and no delta after it", frames)
		}
		s.hub.wake(ss.j, slowScope, log.grow(1))
		synctest.Wait()
		if frames := w.written(); len(frames) != 0 {
			t.Errorf("before a sub: %v", frames)
		}
		if n := s.hub.size(); n != 0 {
			t.Errorf("%d streams that nobody follows", n)
		}
		say(t, ss, `{"t":"sub","scopes":{"`+string(slowScope)+`":12}}`)
		s.hub.wake(ss.j, slowScope, log.grow(1))
		synctest.Wait()
		if frames := fmt.Sprint(w.written()); frames != "[subbed delta 13 delta 14]" {
			t.Errorf("after a sub: %s", frames)
		}
		ss.end(0)
		synctest.Wait()
	})
}

func TestAReaderWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, ss, w := slowWorld(t, &memory{})
		ss.mu.Lock()
		for range 5 {
			ss.queue(item{raw: []byte(`{}`), size: 100 << 10})
		}
		ss.mu.Unlock()
		ready := false
		go func() {
			ss.awaitRoom()
			ready = true
		}()
		synctest.Wait()
		if ready {
			t.Error("half a megabyte waits, and the reader goes on")
		}
		close(w.gate)
		synctest.Wait()
		if !ready {
			t.Error("nothing waits, and the reader does")
		}
		ss.end(0)
		synctest.Wait()
	})
}

func TestLeavingWaitsForNoSlowSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, w := slowWorld(t, &memory{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		s.Run(ctx)
		if took := time.Since(began); took > farewell+time.Second {
			t.Errorf("leaving took %s", took)
		}
		select {
		case <-w.closed:
		default:
			t.Error("the socket is still open")
		}
	})
}

// TestAnEarlyWakeUpIsNotForgotten wakes a stream before and after the commit can
// be seen, the second time while it reads.
func TestAnEarlyWakeUpIsNotForgotten(t *testing.T) {
	st := &stream{want: 5, cur: 4, wakes: 2}
	st.hand(nil, 0, civic.Delta{From: 4, To: 4}, 1)
	if st.want != 5 {
		t.Errorf("want is %d after a wake-up during the reading, want 5", st.want)
	}
	st.hand(nil, 0, civic.Delta{From: 4, To: 4}, 2)
	if st.want != 4 {
		t.Errorf("want is %d after an early wake-up, want 4", st.want)
	}
}

func TestADeltaForAnEarlierSubscriptionIsNotDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, ss, w := slowWorld(t, &memory{})
		ss.mu.Lock()
		old := ss.scopes[slowScope]
		ss.mu.Unlock()
		say(t, ss, `{"t":"sub","scopes":{"`+string(slowScope)+`":0}}`)
		if ss.deliver(old, civic.Delta{To: 1}, item{raw: []byte(`{}`), size: 2}) {
			t.Error("delivered to a subscription that was replaced")
		}
		close(w.gate)
		ss.end(0)
		synctest.Wait()
	})
}
