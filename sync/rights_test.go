package sync_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
	"segnavia/civic/civictest"
	fieldsync "segnavia/sync"
)

func TestAChangedSettingIsFetchedAnew(t *testing.T) {
	w := newWorld(t)
	team, other := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID), civic.ScopeOf(civic.ScopeTown, w.town.ID)
	c := w.hello(w.device("crew"), fmt.Sprintf(`{%q:0}`, team))
	c.next()
	desk := w.hello(w.device("operator"), `{}`)
	desk.next()
	w.town.ReporterToCrew = !w.town.ReporterToCrew
	began := time.Now()
	if err := w.db.SaveTown(t.Context(), w.town); err != nil {
		t.Fatal(err)
	}
	if f := c.next(); f["t"] != "drop" || f["scope"] != string(team) || f["why"] != "revoked" || time.Since(began) > 5*time.Second {
		t.Fatalf("after %s: %v, want the team's scope revoked", time.Since(began), f)
	}
	c.send(fmt.Sprintf(`{"t":"sub","scopes":{%q:null,%q:null}}`, team, other))
	f := c.next()
	scopes, _ := f["scopes"].([]any)
	if f["t"] != "subbed" || len(scopes) != 2 || scopes[0].(map[string]any)["mode"] != "reset" {
		t.Errorf("asked for again: %v", f)
	}
}

func TestAuthTakesOverChangedRights(t *testing.T) {
	w := newWorld(t)
	tokens := w.device("crew")
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	c := w.hello(tokens, fmt.Sprintf(`{%q:0}`, team))
	c.next()
	w.town.ReporterToCrew = !w.town.ReporterToCrew
	if err := w.db.SaveTown(t.Context(), w.town); err != nil {
		t.Fatal(err)
	}
	c.send(fmt.Sprintf(`{"t":"auth","token":%q}`, tokens.Token))
	if f := c.next(); f["t"] != "drop" || f["why"] != "revoked" {
		t.Errorf("after auth: %v", f)
	}
}

func TestAFollowerFetchesWhatIsWrittenOtherwise(t *testing.T) {
	w := newWorld(t)
	w.report(8.85)
	c := w.follow("crew")
	w.until(func() bool { return len(c.Scopes()) == 3 })
	w.settled(c)
	before := c.Counts().Snapshots
	w.town.ReporterToCrew = !w.town.ReporterToCrew
	if err := w.db.SaveTown(t.Context(), w.town); err != nil {
		t.Fatal(err)
	}
	// The team's scope and the user's own: the town's has nobody to ring.
	w.until(func() bool { return c.Counts().Snapshots >= before+2 && len(c.Scopes()) == 3 })
	w.settled(c)
	if n := len(c.Scopes()); n != 3 || c.Counts().Snapshots != before+2 {
		t.Errorf("%d scopes after %d new snapshots", n, c.Counts().Snapshots-before)
	}
}

// outage is a database that does not answer for rights.
type outage struct{ fieldsync.Grants }

func (outage) Grant(context.Context, civic.JurisdictionID, string, time.Time) (civic.Grant, error) {
	return civic.Grant{}, errors.New("connection refused")
}

func TestAnOutageIsNoBadToken(t *testing.T) {
	w := newWorld(t, func(o *fieldsync.Options) { o.Grants = outage{o.Grants} })
	c := w.hello(w.device("crew"), `{}`)
	f := c.next()
	if after, _ := f["retry_after"].(float64); f["t"] != "error" || f["code"] != "busy" || after <= 0 || f["args"] == nil {
		t.Errorf("frame %v, want busy with args and retry_after", f)
	}
	if code := c.closed(); code != 4503 {
		t.Errorf("close %d, want 4503", code)
	}
	status, header, body := w.ask("POST", "/sync/hello", "token", `{}`)
	if status != 503 || header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q: %s", status, header.Get("Retry-After"), body)
	}
}

func TestALateTokenHearsNothingOfItsScopes(t *testing.T) {
	w := newWorld(t)
	w.report(8.85)
	tokens, err := w.db.AddDevice(t.Context(), w.town.ID, civictest.Actor(w.town, "crew").User, "late", time.Hour, time.Now().Add(-3*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	cursors := fmt.Sprintf(`{%q:0,"team:nonsense":0}`, civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID))
	c := w.hello(tokens, cursors)
	c.next()
	for range 2 {
		c.send(`{"t":"sub","scopes":` + cursors + `}`)
		if f := c.next(); f["t"] != "subbed" || len(f["scopes"].([]any)) != 0 {
			t.Errorf("%v, want subbed with nothing", f)
		}
	}
}

func TestASocketThatSaysNothingIsEnded(t *testing.T) {
	w := newWorld(t)
	w.sync.HelloWithin(500 * time.Millisecond)
	c := w.wire()
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				_ = c.conn.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
			}
		}
	}()
	began := time.Now()
	if f := c.next(); f["t"] != "error" || f["code"] != "hello_wanted" || time.Since(began) > 2*time.Second {
		t.Errorf("after %s: %v", time.Since(began), f)
	}
	if code := c.closed(); code != 4400 {
		t.Errorf("close %d, want 4400", code)
	}
}

// TestASocketDoesNotOutliveItsToken keeps one open for longer than a late token
// may push, which a new socket could not.
func TestASocketDoesNotOutliveItsToken(t *testing.T) {
	var ahead atomic.Int64
	w := newWorld(t, func(o *fieldsync.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	c := w.hello(w.device("crew"), `{}`)
	c.next()
	push := func() map[string]any {
		c.send(fmt.Sprintf(`{"t":"push","n0":1,"edits":[{"id":%q,"report":%q,"kind":"note","args":{"text":"x"}}]}`,
			civictest.NewID[civic.Edit](), civictest.NewID[civic.Report]()))
		for {
			if f := c.next(); f["t"] != "hb" {
				return f
			}
		}
	}
	ahead.Store(int64(71 * time.Hour))
	if f := push(); f["t"] != "ack" {
		t.Errorf("late: %v", f)
	}
	ahead.Store(int64(80 * time.Hour))
	if f := push(); f["t"] != "error" || f["code"] != "token" {
		t.Errorf("too late: %v", f)
	}
	if code := c.closed(); code != 4401 {
		t.Errorf("close %d, want 4401", code)
	}
}
