package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage/storagetest"
)

// hostileText is what phones, spreadsheets and jokers send: NUL, an escape, a text
// turned about, a joiner of nothing, halves of a character, lines of another system.
const hostileText = "Buca\x00 \x1b[31m \u202eotunim\u202c \u200b\ufeffx\r\ny \u2066z"

// No door refuses words for their characters, and none keeps what nobody sees: every
// text of the database is looked at.
func TestEveryDoorCleansWords(t *testing.T) {
	f := newTowns(t, false)
	dirty, err := json.Marshal(hostileText)
	if err != nil {
		t.Fatal(err)
	}
	half := strings.TrimSuffix(string(dirty), `"`) + `\ud83d"`
	office := sessionOf(f, f.a, "operator")
	key := ""
	for _, c := range f.callers {
		if c.name == "key" {
			key = c.key
		}
	}
	edit := func(kind, args string) string {
		return `{"id":"` + civictest.NewID[civic.Edit]().String() + `","report":"` + f.report.String() + `","base_rev":1,"kind":"` + kind + `","args":` + args + `}`
	}
	form := url.Values{"service": {"pothole"}, "lon": {"8.89"}, "lat": {"44.45"}, "title": {hostileText}, "description": {hostileText}, "name": {hostileText}, "phone": {"333\u200b1234567"}}
	open311 := url.Values{
		"api_key": {key}, "service_code": {"pothole"}, "lat": {"44.45"}, "long": {"8.85"}, "description": {hostileText},
		"first_name": {hostileText}, "email": {"a\u200d@example.it"},
	}
	cookie := []string{"Cookie", "session=" + office}
	for _, door := range []struct {
		method, path, body string
		headers            []string
		want               int
	}{
		{"POST", "/report", form.Encode(), nil, http.StatusSeeOther},
		{"POST", "/open311/v2/requests.json", open311.Encode(), nil, http.StatusCreated},
		{"POST", "/api/v1/reports", `{"id":"` + civictest.NewID[civic.Report]().String() + `","service":"pothole","lon":8.85,"lat":44.45,"title":` + half + `,"description":` + half + `}`, nil, http.StatusCreated},
		{"POST", "/api/v1/edits", edit("note", `{"text":`+half+`}`), cookie, http.StatusOK},
		{"POST", "/api/v1/edits", edit("reply", `{"text":`+half+`}`), cookie, http.StatusOK},
		{"POST", "/api/v1/edits", edit("set", `{"field":"title","value":`+half+`}`), cookie, http.StatusOK},
		{"POST", "/api/v1/edits", edit("hide", `{"target":"report","reason":`+half+`}`), cookie, http.StatusOK},
		{"POST", "/sync/push", `{"n0":1,"edits":[` + edit("note", `{"text":`+half+`}`) + `]}`, []string{"Authorization", "Bearer " + f.tokenOf("crew")}, http.StatusOK},
	} {
		res, said := ofTown(t, f.http, door.method, "a.test", door.path, door.body, door.headers...)
		if res.StatusCode != door.want || strings.Contains(said, `"refused"`) {
			t.Errorf("%s: %d %.300s", door.path, res.StatusCode, said)
		}
	}
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, f.url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	rows, err := conn.Query(t.Context(), `
		SELECT table_name::text, column_name::text FROM information_schema.columns
		WHERE table_schema IN ('public', 'river') AND data_type IN ('text', 'jsonb', 'character varying') AND table_name <> 'spatial_ref_sys'`)
	if err != nil {
		t.Fatal(err)
	}
	type column struct{ Table, Column string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil || len(columns) < 40 {
		t.Fatalf("%d columns, %v", len(columns), err)
	}
	kept := 0
	for _, c := range columns {
		name := pgx.Identifier{c.Column}.Sanitize()
		var dirty, words int
		schema := "public"
		if strings.HasPrefix(c.Table, "river_") {
			schema = "river"
		}
		sql := `SELECT count(*) FILTER (WHERE ` + name + `::text ~ U&'[\0001-\0008\000B-\001F\007F\200B\202A-\202E\2060-\2064\2066-\206F\FEFF\FFFD]'),
			count(*) FILTER (WHERE ` + name + `::text LIKE '%otunim%') FROM ` + pgx.Identifier{schema, c.Table}.Sanitize()
		if err := conn.QueryRow(t.Context(), sql).Scan(&dirty, &words); err != nil {
			t.Errorf("%s.%s: %v", c.Table, c.Column, err)
		}
		if kept += words; dirty > 0 {
			t.Errorf("%s.%s holds what nobody sees, %d times", c.Table, c.Column, dirty)
		}
	}
	if kept < 8 {
		t.Errorf("the words themselves are kept %d times only", kept)
	}
}
