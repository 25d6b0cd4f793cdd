package sync_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// FuzzFrames sends any bytes as a frame to a server on a real database, over the
// socket and as a body of the HTTP twin. It lives; it answers with frames of the
// protocol, a push with one result for each edit, or closes with a code of it.
func FuzzFrames(f *testing.F) {
	w := newWorld(f)
	report := w.report(8.85)
	tokens := w.device("crew")
	team := civic.ScopeOf(civic.ScopeTeam, w.town.Teams[0].ID)
	edit := fmt.Sprintf(`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","report":%q,"base_rev":1,"kind":"note","args":{"text":"x"},"at":"2026-01-01T00:00:00Z"}`, report)
	for _, seed := range []string{
		`{"t":"push","n0":1,"edits":[` + edit + `]}`,
		`{"t":"push","n0":1,"edits":[` + edit + `,{"id":5},null,[],` + strings.Replace(edit, `"at":"2026`, `"epoch":"x","at":"`, 1) + `]}`,
		`{"t":"push","n0":-9223372036854775808,"edits":[{}]}`, `{"t":"push","n0":9223372036854775807,"edits":[{},{}]}`,
		fmt.Sprintf(`{"t":"sub","scopes":{%q:1,"team:x":-1,"":null}}`, team), fmt.Sprintf(`{"t":"unsub","scopes":[%q,"x"]}`, team),
		fmt.Sprintf(`{"t":"sub","scopes":{%q:-9223372036854775808}}`, team),
		`{"t":"auth","token":"x"}`, `{"t":"hello","proto":1,"cursors":{}}`, `{"t":5}`, `[]`, `"`, ``, "\xff", `{"t":"push","edits":{}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w.t = t // one run after the other
		c := w.hello(tokens, `{}`)
		defer c.conn.Close() //nolint:errcheck // it may be closed already
		if f := c.next(); f["t"] != "welcome" {
			t.Fatalf("%v, want a welcome", f)
		}
		c.send(string(raw))
		c.send(`{"t":"sub","scopes":{}}`) // answered once the bytes are dealt with
		sane(t, c, edits(raw))
		body, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.http.URL+"/sync/push", strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		body.Header.Set("Authorization", "Bearer "+tokens.Token)
		answer, err := http.DefaultClient.Do(body)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close() //nolint:errcheck // only read
		var frame map[string]any
		if err := json.NewDecoder(answer.Body).Decode(&frame); err != nil || answer.StatusCode >= 500 {
			t.Fatalf("status %d, %v", answer.StatusCode, err)
		}
	})
}

// edits is how many a push holds that can be read at all, or -1.
func edits(raw []byte) int {
	var push struct {
		T     string            `json:"t"`
		N0    int64             `json:"n0"`
		Edits []json.RawMessage `json:"edits"`
	}
	if json.Unmarshal(raw, &push) != nil || push.T != "push" {
		return -1
	}
	return len(push.Edits)
}

// sane reads until the sub is answered or the socket is closed.
func sane(t *testing.T, c *wire, edits int) {
	t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second)) // an error shows at the read
	for {
		_, raw, err := c.conn.ReadMessage()
		if closed, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it bare
			switch closed.Code {
			case 4400, 4401, 4403, 4409, 4413:
				return
			}
		}
		if err != nil {
			t.Fatalf("no answer: %v", err)
		}
		var f struct {
			T       string         `json:"t"`
			Code    string         `json:"code"`
			Results []civic.Answer `json:"results"`
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		switch f.T {
		case "subbed":
			return
		case "ack":
			if len(f.Results) != edits {
				t.Fatalf("%d results for %d edits", len(f.Results), edits)
			}
		case "error":
			if f.Code == "" {
				t.Fatalf("an error without a code: %s", raw)
			}
		case "hb", "drop", "delta", "poke", "welcome":
		default:
			t.Fatalf("a frame that no client knows: %s", raw)
		}
	}
}
