//nolint:bodyclose // a recorder's answers hold nothing
package tiles

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"segnavia/geo"
)

func get(t *testing.T, s *Server, town *Town, a Access, c geo.Cell, query string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/tiles/reports/0/0/0.mvt"+query, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	if err := s.ServeTile(w, r, town, a, c); err != nil {
		t.Fatal(err)
	}
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) []byte {
	t.Helper()
	in := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if in, err = gzip.NewReader(in); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func genoa(n int) []Row {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = randomRow(r, i, orb.Point{8.93, 44.41}, 0.02)
	}
	return rows
}

func cellAt(z geo.Zoom) geo.Cell { return geo.CellOf(geo.At(orb.Point{8.93, 44.41}), z) }

func TestATileIsServedCachedAndRevalidated(t *testing.T) {
	x := loaded(genoa(5000))
	s, town := NewServer(1<<20, time.Now), &Town{Index: x}
	for _, query := range []string{"", "?status=open", "?kind=heat"} {
		first := get(t, s, town, Public, cellAt(12), query)
		tag := first.Header.Get("Etag")
		want := x.Tile(cellAt(12), mustParse(t, query), Public)
		for _, r := range []*http.Response{first, get(t, s, town, Public, cellAt(12), query)} {
			if !bytes.Equal(bodyOf(t, r), want) || r.Header.Get("Etag") != tag {
				t.Fatalf("%q: another tile", query)
			}
			if zipped := r.Header.Get("Content-Encoding") == "gzip"; zipped != (len(want) >= worthZip) {
				t.Errorf("%q: %d bytes, gzip %v", query, len(want), zipped)
			}
		}
		plain := get(t, s, town, Public, cellAt(12), query, "Accept-Encoding", "gzip;q=0")
		if !bytes.Equal(bodyOf(t, plain), want) || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%q: a plain answer differs", query)
		}
		for _, r := range []string{tag, "W/" + tag, `"x", ` + tag, plain.Header.Get("Etag"), "*"} {
			if got := get(t, s, town, Public, cellAt(12), query, "If-None-Match", r); got.StatusCode != 304 {
				t.Errorf("%q: If-None-Match %s gives %d", query, r, got.StatusCode)
			}
		}
	}
}

func TestPublicAndStaffShareNothing(t *testing.T) {
	rows := genoa(300)
	for i := range rows {
		rows[i].Visible = true
	}
	s, town := NewServer(1<<20, time.Now), &Town{Index: loaded(rows)}
	public, staff := get(t, s, town, Public, cellAt(12), ""), get(t, s, town, Staff, cellAt(12), "")
	if public.Header.Get("Etag") == staff.Header.Get("Etag") {
		t.Error("one entity tag for both")
	}
	if got := staff.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("staff tiles are %q", got)
	}
	r := get(t, s, town, Staff, cellAt(12), "", "If-None-Match", public.Header.Get("Etag"))
	if r.StatusCode != 200 {
		t.Errorf("the public's tag answers staff: %d", r.StatusCode)
	}
}

func TestAChangeShowsInTheNextAnswerAndOnlyNearby(t *testing.T) {
	rows := genoa(3000)
	s, town := NewServer(1<<20, time.Now), &Town{Index: loaded(rows)}
	far := geo.Cell{Zoom: 12, X: 5, Y: 5}
	tag := get(t, s, town, Public, cellAt(12), "").Header.Get("Etag")
	farTag := get(t, s, town, Public, far, "").Header.Get("Etag")
	row := rows[0]
	row.ID, row.Point, row.Visible = word('r', 1<<20), orb.Point{8.93, 44.41}, true
	if err := town.Index.Apply([]Change{enter(row)}); err != nil {
		t.Fatal(err)
	}
	r := get(t, s, town, Public, cellAt(12), "", "If-None-Match", tag)
	if r.StatusCode != 200 || r.Header.Get("Etag") == tag {
		t.Error("a new report does not change its tile's tag")
	}
	if got := total(decode(t, bodyOf(t, r))); got == 0 {
		t.Error("an empty tile")
	}
	if get(t, s, town, Public, far, "", "If-None-Match", farTag).StatusCode != 304 {
		t.Error("a far tile's tag changed")
	}
	row.ID, row.Visible = word('r', 1<<21), false
	tag = r.Header.Get("Etag")
	if err := town.Index.Apply([]Change{enter(row)}); err != nil {
		t.Fatal(err)
	}
	if get(t, s, town, Public, cellAt(12), "", "If-None-Match", tag).StatusCode != 304 {
		t.Error("a hidden report changes the public's tag")
	}
}

func total(features []drawn) int {
	n := 0
	for _, d := range features {
		if d.layer == "reports" {
			n++
		} else {
			n += int(d.Properties["count"].(float64))
		}
	}
	return n
}

// A node built from the database and one that followed the log from the start
// answer alike, whatever numbers they gave to services and teams.
func TestEveryNodeGivesTheSameTags(t *testing.T) {
	rows := genoa(2000)
	built := loaded(rows)
	followed := NewIndex()
	followed.Describe(someServices())
	backwards := slices.Clone(rows)
	slices.Reverse(backwards)
	for chunk := range slices.Chunk(backwards, 300) {
		var batch []Change
		for _, r := range chunk {
			old := r
			old.Point, old.Status, old.Rev = orb.Point{1, 1}, "new", 0
			batch = append(batch, enter(old), enter(r))
		}
		if err := followed.Apply(batch); err != nil {
			t.Fatal(err)
		}
	}
	s := NewServer(1<<20, time.Now)
	for z := geo.Zoom(0); z <= 18; z += 3 {
		for _, a := range []Access{Public, Staff} {
			one := get(t, s, &Town{ID: word('j', 1), Index: built}, a, cellAt(z), "")
			two := get(t, s, &Town{ID: word('j', 2), Index: followed}, a, cellAt(z), "")
			if one.Header.Get("Etag") != two.Header.Get("Etag") {
				t.Errorf("zoom %d: tags %s and %s", z, one.Header.Get("Etag"), two.Header.Get("Etag"))
			}
			if !bytes.Equal(bodyOf(t, one), bodyOf(t, two)) {
				t.Errorf("zoom %d: tiles differ", z)
			}
		}
	}
}

func TestABadRequestIsNamed(t *testing.T) {
	s, town := NewServer(1<<20, time.Now), &Town{Index: NewIndex()}
	for query, want := range map[string]ParameterError{
		"?status=broken":                      {"status", "unknown_word"},
		"?status=open&status=new":             {"status", "repeated"},
		"?from=2024-13-01":                    {"from", "not_a_date"},
		"?from=1999-01-01":                    {"from", "out_of_range"},
		"?from=2024-02-01&to=2024-01-01":      {"to", "backwards"},
		"?kind=hex":                           {"kind", "not_served"},
		"?team=seven":                         {"team", "not_an_id"},
		"?area=seven":                         {"area", "not_an_id"},
		"?channel=pigeon":                     {"channel", "unknown_word"},
		"?service=" + string(make([]byte, 0)): {},
		"?q=%zz":                              {"query", "not_a_query"},
	} {
		r := &http.Request{Method: "GET", URL: mustURL(t, query), Header: http.Header{}}
		err := s.ServeTile(httptest.NewRecorder(), r, town, Public, geo.Cell{})
		var got *ParameterError
		if want == (ParameterError{}) {
			if err != nil {
				t.Errorf("%s: %v", query, err)
			}
		} else if !errors.As(err, &got) || *got != want {
			t.Errorf("%s: %v, want %v", query, err, want)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	for _, c := range []geo.Cell{{Zoom: 23}, {Zoom: 2, X: 4}, {Zoom: 40}} {
		if err := s.ServeTile(httptest.NewRecorder(), r, town, Public, c); err == nil {
			t.Errorf("%v is served", c)
		}
	}
}
