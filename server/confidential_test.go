package server_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// What is confidential is read by its desk, its owner and administrators alone, at
// every door, and each look of theirs is noted.
func TestConfidentialAtEveryDoor(t *testing.T) {
	f := newTowns(t, false)
	// A team had it before it was anybody's secret.
	f.apply(civictest.Edit(civictest.Actor(f.a, "operator"), f.private, 9, civic.KindAssign, civic.AssignArgs{Team: f.a.Teams[0].ID}))
	for i := range f.a.Services {
		if f.a.Services[i].Code == "distress" {
			f.a.Services[i].Confidential = true
		}
	}
	// The foreman answers for no desk any more.
	for i := range f.a.Users {
		if f.a.Users[i].Login == "foreman" {
			f.a.Users[i].Desks = nil
		}
	}
	if err := f.db.SaveTown(t.Context(), f.a); err != nil {
		t.Fatal(err)
	}
	if _, err := f.db.SettleVisibility(t.Context(), f.a.ID); err != nil {
		t.Fatal(err)
	}
	id := f.private.String()
	noted := 0
	for _, c := range f.callers {
		if c.cookie == nil || c.name == "citizen" {
			continue
		}
		reads := c.name == "operator" || c.name == "admin"
		for _, door := range []struct{ method, path, body string }{
			{"GET", "/api/v1/reports/" + id, ""},
			{"GET", "/api/v1/reports/" + string(f.privateCode), ""},
			{"GET", "/api/v1/reports/" + id + "/shots", ""},
		} {
			status, body := f.ask(c, "a.test", door.method, door.path, door.body)
			if (status == http.StatusOK) != reads {
				t.Errorf("%s %s as %s: %d", door.method, door.path, c.name, status)
			}
			if strings.Contains(body, "CANARY") && !reads {
				t.Errorf("%s shows %s words: %.200s", door.path, c.name, body)
			}
			if reads {
				noted++
				if !strings.HasSuffix(door.path, "shots") && (!strings.Contains(body, "CANARY-NAME") || !strings.Contains(body, "CANARY-WORDS")) {
					t.Errorf("%s does not tell %s who and what", door.path, c.name)
				}
			}
		}
		note := `{"id":"{new}","report":"` + id + `","base_rev":9,"kind":"note","args":{"text":"x"}}`
		status, body := f.ask(c, "a.test", "POST", "/api/v1/edits", note)
		if strings.Contains(body, `"applied"`) != reads {
			t.Errorf("a note of %s: %d %s", c.name, status, body)
		}
	}
	f.inNoScope(t)
	conn, err := pgx.Connect(t.Context(), f.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	var looks int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM audit WHERE action = 'report.look' AND about = $1 AND user_id IS NOT NULL`, id).Scan(&looks); err != nil || looks != noted {
		t.Errorf("%d looks are noted of %d, %v", looks, noted, err)
	}
	if r, err := f.db.Report(t.Context(), f.a.ID, f.private); err != nil || !r.Confidential || r.Desk.IsZero() {
		t.Errorf("%+v %v", r, err)
	}
}

// inNoScope pulls what phones and desks keep: each scope holds the cases that are
// nobody's secret, and of the confidential one the desk alone, without a word.
func (f *towns) inNoScope(t *testing.T) {
	t.Helper()
	desk := civic.ScopeOf(civic.ScopeDesk, f.a.Desks[0].ID)
	for who, scope := range map[string]civic.Scope{
		"operator": desk, "planner": civic.ScopeOf(civic.ScopeArea, f.a.Areas[0].ID), "crew": civic.ScopeOf(civic.ScopeTeam, f.a.Teams[0].ID),
	} {
		at := slices.IndexFunc(f.callers, func(c caller) bool { return c.name == who })
		status, snapshot := f.ask(f.callers[at], "a.test", "GET", "/sync/snapshot?scope="+string(scope), "")
		bodies := make(map[civic.ReportID]string)
		for line := range strings.Lines(snapshot) {
			var row struct {
				ID   civic.ReportID
				Body json.RawMessage
			}
			if json.Unmarshal([]byte(line), &row) == nil && !row.ID.IsZero() {
				bodies[row.ID] = string(row.Body)
			}
		}
		if bodies[f.report] == "" {
			t.Errorf("%s lacks what is not confidential: %d %.400s", scope, status, snapshot)
		}
		body, held := bodies[f.private]
		if held != (scope == desk) || strings.Contains(body, "CANARY") || strings.Contains(body, "reporter") {
			t.Errorf("%s holds %s", scope, body)
		}
	}
}
