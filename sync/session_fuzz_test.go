package sync

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"segnavia/civic"
)

// town answers a session's questions with as little as may be: what is fuzzed is
// the reading of frames.
type town struct{ pushed int }

func (*town) Grant(_ context.Context, j civic.JurisdictionID, _ string, now time.Time) (civic.Grant, error) {
	return civic.Grant{Jurisdiction: j, Expires: now.Add(time.Hour), Actor: civic.Actor{Role: civic.RoleCrew, Teams: []civic.TeamID{{1}}}}, nil
}

func (*town) GrantsOf(context.Context, civic.JurisdictionID, []civic.DeviceID) (map[civic.DeviceID]civic.Grant, error) {
	return map[civic.DeviceID]civic.Grant{}, nil
}

func (*town) Epoch() string { return "e" }

func (*town) Heads(_ context.Context, _ civic.JurisdictionID, scopes []civic.Scope) (map[civic.Scope]civic.Head, error) {
	heads := make(map[civic.Scope]civic.Head)
	for _, s := range scopes {
		heads[s] = civic.Head{V: 3}
	}
	return heads, nil
}

func (*town) Behind(context.Context, civic.JurisdictionID, map[civic.Scope]int64, int) (map[civic.Scope]int, error) {
	return map[civic.Scope]int{}, nil
}

func (*town) Pull(_ context.Context, _ civic.JurisdictionID, s civic.Scope, from int64, _ int) (civic.Delta, int64, error) {
	return civic.Delta{Scope: s, From: from, To: max(from, 3)}, 3, nil
}

func (*town) Join(context.Context, civic.JurisdictionID, []civic.Body, civic.Who) error { return nil }

func (t *town) Apply(_ context.Context, _ civic.JurisdictionID, e civic.Edit, n int64) (civic.Answer, error) {
	t.pushed++
	return civic.Answer{ID: e.ID, N: n, Result: civic.Result{Status: civic.Refused}}, nil
}

func (*town) Pushed(context.Context, civic.JurisdictionID, civic.DeviceID, []civic.EditID) (int64, map[civic.EditID]bool, error) {
	return 0, map[civic.EditID]bool{}, nil
}
func (*town) Skip(context.Context, civic.JurisdictionID, civic.DeviceID, int64) error { return nil }

// nothing is a wire that takes what comes, and checks that it is a frame.
type nothing struct{ t *testing.T }

func (n nothing) write(it item) error {
	if it.prepared == nil && !json.Valid(it.raw) {
		n.t.Errorf("not JSON: %q", it.raw)
	}
	return nil
}
func (nothing) close(int) {}
func (nothing) ping()     {}

// FuzzSession gives a session any bytes for a frame: it answers, ignores or closes,
// and takes no more edits than a push may hold.
func FuzzSession(f *testing.F) {
	for _, frame := range []string{
		`{"t":"hello","proto":1,"device":"01890a5d-ac96-774b-bcce-b302099a8057","token":"x","epoch":null,"cursors":{"team:01000000-0000-0000-0000-000000000000":null},"next_n":1}`,
		`{"t":"hello","proto":-1}`,
		`{"t":"sub","scopes":{"team:01000000-0000-0000-0000-000000000000":2}}`,
		`{"t":"unsub","scopes":["team:01000000-0000-0000-0000-000000000000","x"]}`,
		`{"t":"push","n0":1,"edits":[{"id":"01890a5d-ac96-774b-bcce-b302099a8057","report":"01890a5d-ac96-774b-bcce-b302099a8058","base_rev":1,"kind":"note","args":{"text":"x"},"at":"2026-01-01T00:00:00Z"},5,{}]}`,
		`{"t":"push","n0":-9223372036854775808,"edits":[{}]}`,
		`{"t":"auth","token":"y"}`,
		`{"t":"hb"}`, `{"t":5}`, `[]`, `{`, "\xff",
	} {
		f.Add([]byte(frame), true)
		f.Add([]byte(frame), false)
	}
	f.Fuzz(func(t *testing.T, raw []byte, known bool) {
		to := &town{}
		s := New(Options{Grants: to, Log: to, Edits: to})
		ss := newSession(s, civic.JurisdictionID{1}, nothing{t})
		if known {
			g, err := to.Grant(t.Context(), ss.j, "", time.Now())
			if err != nil {
				t.Fatal(err)
			}
			ss.grant, ss.known = g, true
		}
		bad := ss.handle(t.Context(), raw)
		if bad != nil && (bad.close < 4400 || bad.Args == nil) {
			t.Errorf("%q: %+v is no frame that closes", raw, bad)
		}
		if to.pushed > pushEdits {
			t.Errorf("%d edits of one push", to.pushed)
		}
		ss.end(0)
		s.work.Wait()
	})
}
