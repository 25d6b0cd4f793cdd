package sync_test

import (
	"fmt"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestAnotherEpochResetsEveryScope(t *testing.T) {
	w := newWorld(t)
	w.report(8.85)
	tokens := w.device("crew")
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	for _, epoch := range []string{`"01890a5d-ac96-774b-bcce-b302099a8057"`, `null`} {
		c := w.wire()
		c.send(fmt.Sprintf(`{"t":"hello","proto":1,"device":%q,"token":%q,"epoch":%s,"cursors":{%q:1},"next_n":1}`,
			tokens.Device, tokens.Token, epoch, team))
		f := c.next()
		if scope := f["scopes"].([]any)[0].(map[string]any); scope["mode"] != "reset" || f["epoch"] != w.db.Epoch() {
			t.Errorf("epoch %s: %v, want a reset", epoch, f)
		}
	}
}

// TestManyOpsBehindArePulled puts many ops into few versions.
func TestManyOpsBehindArePulled(t *testing.T) {
	w := newWorld(t)
	for i := range 600 {
		name := fmt.Sprintf("user%d", i)
		w.town.Users = append(w.town.Users, civic.User{ID: civictest.ID[civic.User](w.town.ID, name), Login: name, Display: name, Role: civic.RoleViewer})
	}
	if err := w.db.SaveTown(t.Context(), w.town); err != nil {
		t.Fatal(err)
	}
	scope := civic.ScopeOf(civic.ScopeTown, w.town.ID)
	heads, err := w.db.Heads(t.Context(), w.town.ID, []civic.Scope{scope})
	if err != nil {
		t.Fatal(err)
	}
	for behind, mode := range map[int64]string{1: "tail", 3: "pull"} {
		c := w.hello(w.device("crew"), fmt.Sprintf(`{%q:%d}`, scope, heads[scope].V-behind))
		if f := c.next()["scopes"].([]any)[0].(map[string]any); f["mode"] != mode {
			t.Errorf("%d versions of many ops behind: %v, want %s", behind, f, mode)
		}
	}
}

func TestUnknownFramesAreIgnoredWhateverTheyHold(t *testing.T) {
	w := newWorld(t)
	c := w.hello(w.device("crew"), `{}`)
	c.next()
	c.send(`{"t":"what","n0":"x","edits":5,"scopes":3,"device":[],"proto":{},"epoch":1,"cursors":false,"token":{}}`)
	c.send(`{"t":"sub","scopes":{},"edits":"x","device":7,"n0":{}}`)
	if f := c.next(); f["t"] != "subbed" {
		t.Errorf("%v, want subbed", f)
	}
	c.send(`{"t":"sub","scopes":[]}`)
	if code := c.closed(); code != 4400 {
		t.Errorf("a sub that cannot be read: close %d", code)
	}
}

func TestErrorsAlwaysHaveArgs(t *testing.T) {
	w := newWorld(t)
	c := w.hello(w.device("crew"), `{}`)
	c.next()
	c.send(fmt.Sprintf(`{"t":"push","n0":9,"edits":[{"id":%q}]}`, civictest.NewID[civic.Edit]()))
	if f := c.next(); f["code"] != "gap" || f["args"] == nil || f["last_n"] != 0.0 {
		t.Errorf("%v, want a gap with args", f)
	}
}

func TestAnotherHelloStartsAnew(t *testing.T) {
	w := newWorld(t)
	tokens := w.device("crew")
	c := w.hello(tokens, fmt.Sprintf(`{%q:0}`, civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)))
	c.next()
	c.send(fmt.Sprintf(`{"t":"hello","proto":1,"device":%q,"token":%q,"epoch":%q,"cursors":{},"next_n":1}`,
		tokens.Device, tokens.Token, w.db.Epoch()))
	if f := c.next(); f["t"] != "welcome" {
		t.Fatalf("%v, want a welcome", f)
	}
	w.report(8.85)
	time.Sleep(300 * time.Millisecond) // a delta would be here by now
	c.send(`{"t":"sub","scopes":{}}`)
	if f := c.next(); f["t"] != "subbed" {
		t.Errorf("%v of a scope that the second hello did not name", f)
	}
}
