package sync_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestASocketFollowsItsScope(t *testing.T) {
	w := newWorld(t)
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	c := w.hello(w.device("crew"), fmt.Sprintf(`{%q:0}`, team))
	welcome := c.next()
	if welcome["t"] != "welcome" || welcome["last_n"] != 0.0 || len(welcome["offer"].([]any)) != 3 {
		t.Fatalf("welcome %v", welcome)
	}
	id := w.report(8.85)
	d := c.next()
	ops, _ := d["ops"].([]any)
	if d["t"] != "delta" || d["from"] != 0.0 || d["to"] != 1.0 || len(ops) != 1 || d["sum"] != civic.SumOf(id, 2).String() {
		t.Fatalf("delta %v", d)
	}
	w.apply(civictest.Edit(civictest.Actor(w.town, "operator"), id, 2, civic.KindAssign, civic.AssignArgs{Team: w.town.Teams[1].ID}))
	d = c.next()
	op := d["ops"].([]any)[0].(map[string]any)
	if op["k"] != "leave" || op["why"] != "reassigned" || d["sum"] != "0000000000000000" {
		t.Fatalf("delta %v", d)
	}
}

func TestHelloChoosesAModeForEachScope(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.report(8.85)
	}
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	for cursor, mode := range map[string]string{"null": "reset", "0": "tail", "3": "tail", "4": "reset"} {
		c := w.hello(w.device("crew"), fmt.Sprintf(`{%q:%s}`, team, cursor))
		scope := c.next()["scopes"].([]any)[0].(map[string]any)
		if scope["mode"] != mode || scope["head"] != 3.0 {
			t.Errorf("cursor %s: %v, want %s", cursor, scope, mode)
		}
	}
}

func TestRefusalsOfHello(t *testing.T) {
	w := newWorld(t)
	crew := w.device("crew")
	other := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[1].ID)
	for _, x := range []struct {
		name, frame string
		code        int
	}{
		{"no frame", `what`, 4400},
		{"no hello", `{"t":"sub","scopes":{}}`, 4400},
		{"another protocol", `{"t":"hello","proto":9}`, 4409},
		{"bad token", `{"t":"hello","proto":1,"token":"x"}`, 4401},
		{"token of another device", fmt.Sprintf(`{"t":"hello","proto":1,"device":%q,"token":%q}`, w.town.ID, crew.Token), 4401},
		{"nothing allowed", fmt.Sprintf(`{"t":"hello","proto":1,"device":%q,"token":%q,"cursors":{%q:null}}`, crew.Device, crew.Token, other), 4403},
	} {
		c := w.wire()
		c.send(x.frame)
		if code := c.closed(); code != x.code {
			t.Errorf("%s: close %d, want %d", x.name, code, x.code)
		}
	}
}

func TestAForbiddenScopeIsDroppedAndTheOthersFollow(t *testing.T) {
	w := newWorld(t)
	mine, other := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID), civic.ScopeOf(civic.ScopeTeam, w.town.Teams[1].ID)
	c := w.hello(w.device("crew"), fmt.Sprintf(`{%q:0,%q:0,"team:nonsense":0}`, mine, other))
	if scopes := c.next()["scopes"].([]any); len(scopes) != 1 {
		t.Fatalf("welcome with %v", scopes)
	}
	for range 2 {
		if d := c.next(); d["t"] != "drop" || d["why"] != "forbidden" {
			t.Errorf("%v, want a drop", d)
		}
	}
}

func TestPushesAreAnsweredOnceUnderAnyNumber(t *testing.T) {
	w := newWorld(t)
	id := w.report(8.85)
	c := w.hello(w.device("crew"), `{}`)
	c.next()
	ids := make(map[int]civic.EditID)
	edit := func(n int) string {
		if ids[n].IsZero() {
			ids[n] = civictest.NewID[civic.Edit]()
		}
		return fmt.Sprintf(`{"id":"%s","report":"%s","base_rev":2,"kind":"note","args":{"text":"note %d"},"at":"not a time"}`,
			ids[n], id, n)
	}
	push := func(n0 int, edits ...string) map[string]any {
		c.send(fmt.Sprintf(`{"t":"push","n0":%d,"edits":[%s]}`, n0, strings.Join(edits, ",")))
		return c.next()
	}
	status := func(ack map[string]any, i int) any { return ack["results"].([]any)[i].(map[string]any)["status"] }
	if ack := push(1, edit(1), edit(2)); ack["n"] != 2.0 || status(ack, 0) != "applied" || status(ack, 1) != "applied" {
		t.Fatalf("ack %v", ack)
	}
	first := push(1, edit(1))
	if again := push(1, edit(1)); fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("the same push is answered %v, then %v", first, again)
	}
	if ack := push(3, edit(2), edit(3)); ack["n"] != 4.0 || status(ack, 0) != "applied" {
		t.Errorf("a stored id under a new number: %v", ack)
	}
	if gap := push(9, edit(9)); gap["t"] != "error" || gap["code"] != "gap" || gap["last_n"] != 4.0 {
		t.Errorf("numbers ahead: %v", gap)
	}
	if gap := push(2, edit(7)); gap["code"] != "gap" {
		t.Errorf("a new id under an old number: %v", gap)
	}
	if ack := push(5, `{"id":"`+civictest.NewID[civic.Edit]().String()+`","kind":5}`, edit(5)); ack["n"] != 6.0 ||
		status(ack, 0) != "refused" || status(ack, 1) != "applied" {
		t.Errorf("an edit that cannot be read: %v", ack)
	}
	if ack := push(7, `{"nonsense":true}`); ack["n"] != 7.0 || status(ack, 0) != "refused" {
		t.Errorf("an edit without a name: %v", ack)
	}
	// Ids that only the server makes are refused under their number, and left free.
	for n, reserved := range map[int]civic.EditID{
		8: civic.DeriveID[civic.Edit](id, "message:erasure"), 9: civic.KeyedID[civic.Edit](civic.TownKey{}, id, "x"),
	} {
		taken := fmt.Sprintf(`{"id":%q,"report":%q,"kind":"note","args":{"text":"x"}}`, reserved, id)
		for range 2 {
			if ack := push(8, taken); status(ack, 0) != "refused" || ack["results"].([]any)[0].(map[string]any)["id"] != reserved.String() {
				t.Errorf("edit %d under the server's own id: %v", n, ack)
			}
		}
		if _, stored, err := w.db.Pushed(t.Context(), w.town.ID, civic.DeviceID{}, []civic.EditID{reserved}); err == nil || stored[reserved] {
			t.Errorf("the server's own id is taken: %v", err)
		}
	}
	born := fmt.Sprintf(`{"id":%q,"report":%q,"kind":"create","args":{"service":"pothole","lon":8.85,"lat":44.45}}`,
		civictest.NewID[civic.Edit](), civic.DeriveID[civic.Report](id, "x"))
	if ack := push(9, born); status(ack, 0) != "refused" {
		t.Errorf("a report under the server's own id: %v", ack)
	}
	r, err := w.db.Report(t.Context(), w.town.ID, id)
	if err != nil || len(r.Notes) != 4 {
		t.Errorf("%d notes, want 4 (%v)", len(r.Notes), err)
	}
}

func TestARevokedDeviceIsWipedWithinFiveSeconds(t *testing.T) {
	w := newWorld(t)
	tokens := w.device("crew")
	c := w.hello(tokens, `{}`)
	c.next()
	if err := w.db.RevokeDevice(t.Context(), w.town.ID, tokens.Device); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	f := c.next()
	if f["t"] != "error" || f["wipe"] != true || time.Since(began) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(began), f)
	}
	if code := c.closed(); code != 4401 {
		t.Errorf("close %d", code)
	}
}

// A device that is signed out is told so and nothing of wiping, over every door, and
// what it pushes meanwhile is not taken: it sends again when its person is back.
func TestADeviceThatIsSignedOutIsToldNotToWipe(t *testing.T) {
	w := newWorld(t)
	id := w.report(8.85)
	tokens := w.device("crew")
	c := w.hello(tokens, `{}`)
	c.next()
	user := civictest.Actor(w.town, "crew").User
	if n, err := w.db.SignOutEverywhere(t.Context(), w.town.ID, user, user); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	began := time.Now()
	if f := c.next(); f["t"] != "error" || f["code"] != "signed_out" || f["wipe"] != nil || time.Since(began) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(began), f)
	}
	if code := c.closed(); code != 4401 {
		t.Errorf("close %d", code)
	}
	if f := w.hello(tokens, `{}`).next(); f["code"] != "signed_out" || f["wipe"] != nil {
		t.Errorf("hello: %v", f)
	}
	push := fmt.Sprintf(`{"n0":1,"edits":[{"id":%q,"report":%q,"base_rev":2,"kind":"note","args":{"text":"late"}}]}`,
		civictest.NewID[civic.Edit](), id)
	for path, body := range map[string]string{"/sync/hello": `{"proto":1}`, "/sync/push": push} {
		status, _, said := w.ask("POST", path, tokens.Token, body)
		if status != http.StatusUnauthorized || !strings.Contains(said, `"signed_out"`) || strings.Contains(said, "wipe") {
			t.Errorf("%s: %d %s", path, status, said)
		}
	}
	if n, _, err := w.db.Pushed(t.Context(), w.town.ID, tokens.Device, nil); n != 0 || err != nil {
		t.Errorf("%d edits taken, %v", n, err)
	}
}

func TestALateTokenMayPushAndReadNothing(t *testing.T) {
	w := newWorld(t)
	id := w.report(8.85)
	user := civictest.Actor(w.town, "crew").User
	tokens, err := w.db.AddDevice(t.Context(), w.town.ID, user, "late", time.Hour, time.Now().Add(-3*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	c := w.hello(tokens, fmt.Sprintf(`{%q:0}`, civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)))
	if f := c.next(); f["t"] != "welcome" || f["token_expires_in"] != 0.0 || len(f["scopes"].([]any)) != 0 {
		t.Fatalf("welcome %v", f)
	}
	c.send(fmt.Sprintf(`{"t":"push","n0":1,"edits":[{"id":%q,"report":%q,"base_rev":2,"kind":"note","args":{"text":"late"}}]}`,
		civictest.NewID[civic.Edit](), id))
	if ack := c.next(); ack["t"] != "ack" || ack["n"] != 1.0 {
		t.Errorf("ack %v", ack)
	}
	fresh, err := w.db.Refresh(t.Context(), w.town.ID, tokens.Refresh, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c.send(fmt.Sprintf(`{"t":"auth","token":%q}`, fresh.Token))
	c.send(`{"t":"what","is":"this"}`)
	c.send(fmt.Sprintf(`{"t":"sub","scopes":{%q:0}}`, civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)))
	if f := c.next(); f["t"] != "subbed" || len(f["scopes"].([]any)) != 1 {
		t.Errorf("after a fresh token: %v", f)
	}
}

func TestTooLargeAPushIsSaidSo(t *testing.T) {
	w := newWorld(t)
	c := w.hello(w.device("crew"), `{}`)
	c.next()
	c.send(`{"t":"push","n0":1,"edits":["` + strings.Repeat("x", 300<<10) + `"]}`)
	if code := c.closed(); code != 4413 {
		t.Errorf("close %d", code)
	}
}
