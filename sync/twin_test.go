package sync_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	fieldsync "segnavia/sync"
)

func TestStatusesOfTheTwin(t *testing.T) {
	w := newWorld(t)
	w.report(8.85)
	crew := w.device("crew")
	boss := w.device("admin")
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	other := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[1].ID)
	nowhere := civic.ScopeOf(civic.ScopeTeam, w.town.ID)
	late, err := w.db.AddDevice(t.Context(), w.town.ID, civictest.Actor(w.town, "crew").User, "late", time.Hour, time.Now().Add(-3*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	gap := fmt.Sprintf(`{"t":"push","n0":5,"edits":[{"id":%q,"report":%q,"kind":"note","args":{"text":"x"}}]}`,
		civictest.NewID[civic.Edit](), civictest.NewID[civic.Report]())
	for _, x := range []struct {
		name, method, path, token, body string
		status                          int
		code                            string
	}{
		{"hello", "POST", "/sync/hello", crew.Token, fmt.Sprintf(`{"t":"hello","proto":1,"cursors":{%q:0}}`, team), 200, ""},
		{"hello without a token", "POST", "/sync/hello", "", `{}`, 401, "token"},
		{"hello of another device", "POST", "/sync/hello", crew.Token, fmt.Sprintf(`{"device":%q}`, boss.Device), 401, "token"},
		{"hello of another protocol", "POST", "/sync/hello", crew.Token, `{"proto":9}`, 409, "protocol"},
		{"hello with nothing allowed", "POST", "/sync/hello", crew.Token, fmt.Sprintf(`{"cursors":{%q:0}}`, other), 403, "forbidden"},
		{"hello with a late token", "POST", "/sync/hello", late.Token, fmt.Sprintf(`{"cursors":{%q:0}}`, team), 200, ""},
		{"hello of nonsense", "POST", "/sync/hello", crew.Token, `nonsense`, 400, "bad_frame"},
		{"push with a gap", "POST", "/sync/push", crew.Token, gap, 409, "gap"},
		{"push of another device", "POST", "/sync/push", crew.Token, fmt.Sprintf(`{"device":%q}`, boss.Device), 401, "token"},
		{"push too large", "POST", "/sync/push", crew.Token, `{"edits":["` + strings.Repeat("x", 300<<10) + `"]}`, 413, "too_large"},
		{"pull", "GET", "/sync/pull?from=0&scope=" + string(team), crew.Token, "", 200, ""},
		{"pull of another epoch", "GET", "/sync/pull?from=0&epoch=x&scope=" + string(team), crew.Token, "", 410, "reset"},
		{"pull above the head", "GET", "/sync/pull?from=99&scope=" + string(team), crew.Token, "", 410, "reset"},
		{"pull with a late token", "GET", "/sync/pull?from=0&scope=" + string(team), late.Token, "", 401, "token"},
		{"pull of what is not allowed", "GET", "/sync/pull?from=0&scope=" + string(other), crew.Token, "", 403, "forbidden"},
		{"pull of nothing", "GET", "/sync/pull?from=0&scope=" + string(nowhere), boss.Token, "", 403, "forbidden"},
		{"snapshot", "GET", "/sync/snapshot?scope=" + string(team), crew.Token, "", 200, ""},
		{"snapshot of nothing", "GET", "/sync/snapshot?scope=" + string(nowhere), boss.Token, "", 403, "forbidden"},
		{"repair of nothing", "GET", "/sync/repair?scope=" + string(nowhere), boss.Token, "", 403, "forbidden"},
		{"bucket of nothing", "GET", "/sync/repair?prefix=00&scope=" + string(nowhere), boss.Token, "", 403, "forbidden"},
		{"bad bucket", "GET", "/sync/repair?prefix=0g&scope=" + string(team), crew.Token, "", 400, "bad_prefix"},
		{"events with a late token", "GET", "/sync/events?scopes=" + string(team), late.Token, "", 401, "token"},
		{"events of nothing", "GET", "/sync/events?scopes=" + string(nowhere), boss.Token, "", 403, "forbidden"},
		{"repair", "GET", "/sync/repair?scope=" + string(team), crew.Token, "", 200, ""},
		{"repair at once again", "GET", "/sync/repair?scope=" + string(team), crew.Token, "", 429, "too_fast"},
		{"repair of another device", "GET", "/sync/repair?scope=" + string(team), boss.Token, "", 200, ""},
		{"bucket after it", "GET", "/sync/repair?prefix=00&scope=" + string(team), crew.Token, "", 200, ""},
	} {
		status, header, body := w.ask(x.method, x.path, x.token, x.body)
		var f struct {
			T, Code    string
			Args       map[string]any
			RetryAfter float64 `json:"retry_after"`
		}
		if x.code != "" {
			if err := json.Unmarshal([]byte(body), &f); err != nil || f.T != "error" || f.Args == nil {
				t.Errorf("%s: %s, want an error frame with args", x.name, body)
			}
		}
		if status != x.status || f.Code != x.code {
			t.Errorf("%s: status %d, %s; want %d %s", x.name, status, body, x.status, x.code)
		}
		if x.status == 429 && (f.RetryAfter < 50 || f.RetryAfter > 60 || header.Get("Retry-After") == "") {
			t.Errorf("%s: retry after %v", x.name, f.RetryAfter)
		}
	}
}

// TestAStrangersBodyIsNotAwaited says a body and never sends it.
func TestAStrangersBodyIsNotAwaited(t *testing.T) {
	w := newWorld(t)
	conn, err := net.Dial("tcp", w.http.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // nothing is lost
	if _, err := fmt.Fprint(conn, "POST /sync/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Length: 100000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if !strings.Contains(line, "401") {
		t.Errorf("answered %q, %v", line, err)
	}
}

// halfRows fails before its first page, or after it.
type halfRows struct {
	fieldsync.Rows
	pages int
}

func (h halfRows) Snapshot(_ context.Context, _ civic.JurisdictionID, _ civic.Scope, _ civic.ReportID, first func(civic.Head) error, yield func([]civic.Row) error) (int64, error) {
	if err := first(civic.Head{V: 1}); err != nil {
		return 0, err
	}
	for range h.pages {
		if err := yield([]civic.Row{{ID: civictest.NewID[civic.Report](), Rev: 1, Body: json.RawMessage(`{}`)}}); err != nil {
			return 0, err
		}
	}
	return 0, errors.New("the database has gone")
}

func TestABrokenSnapshotShowsThatItIs(t *testing.T) {
	rows := &halfRows{}
	w := newWorld(t, func(o *fieldsync.Options) { o.Rows = rows })
	token := w.device("crew").Token
	path := "/sync/snapshot?scope=" + string(civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID))
	if status, _, body := w.ask("GET", path, token, ""); status != 503 || !strings.Contains(body, `"retry_after"`) {
		t.Errorf("before the first row: %d %s, want 503", status, body)
	}
	rows.pages = 1
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.http.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if res, err := w.http.Client().Do(r); err == nil {
		_, err = bufio.NewReader(res.Body).WriteTo(&strings.Builder{})
		_ = res.Body.Close()
		if err == nil {
			t.Error("a snapshot without an end looks whole")
		}
	}
}

func TestEventsSayThatScopesMoved(t *testing.T) {
	w := newWorld(t)
	tokens := w.device("crew")
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.http.URL+"/sync/events?scopes="+string(team), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+tokens.Token)
	w.report(8.85)
	res, err := w.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // nothing is lost
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	for head := int64(1); head <= 2; head++ {
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
		}
		if want := fmt.Sprintf(`data: {"t":"poke","scope":%q,"head":%d}`, team, head); lines.Text() != want {
			t.Fatalf("%s, want %s", lines.Text(), want)
		}
		if head == 1 {
			w.report(8.85)
		}
	}
	if err := w.db.RevokeDevice(t.Context(), w.town.ID, tokens.Device); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for lines.Scan() {
	}
	if time.Since(began) > 5*time.Second {
		t.Errorf("a revoked device heard events for %s", time.Since(began))
	}
}

// Whoever asks for a repair with a sum that is right, or that nobody can compare,
// raises no alarm.
func TestAnAlarmIsOfASumThatReallyDiffers(t *testing.T) {
	w := newWorld(t)
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	w.report(8.85)
	heads, err := w.db.Heads(t.Context(), w.town.ID, []civic.Scope{team})
	if err != nil || heads[team].V == 0 {
		t.Fatal(heads, err)
	}
	head := heads[team]
	for _, c := range []struct {
		at   int64
		sum  string
		want int64
	}{
		{head.V, head.Sum.String(), 0},
		{head.V, "0123456789abcdef", 1},
		{head.V + 100, "0123456789abcdef", 0},
		{0, civic.Sum{}.String(), 0},
		{head.V, "nonsense", 0},
	} {
		before := w.sync.Counts().Mismatches
		path := fmt.Sprintf("/sync/repair?scope=%s&at=%d&sum=%s", team, c.at, c.sum)
		// Each from a device of its own: one asks once a minute.
		if status, _, body := w.ask("GET", path, w.device("crew").Token, ""); status != http.StatusOK {
			t.Fatalf("at %d: %d %s", c.at, status, body)
		}
		if got := w.sync.Counts().Mismatches - before; got != c.want {
			t.Errorf("at %d with %s: %d alarms, want %d", c.at, c.sum, got, c.want)
		}
	}
}
