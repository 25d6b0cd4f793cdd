package tiles

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"segnavia/geo"
)

type changed struct {
	ID    string
	Z     geo.Zoom
	Cells [][2]uint32
}

// follow opens a stream, as a reader that was told up to a moment, and returns its
// events. The first says where it begins, and is none.
func follow(t *testing.T, town *Town, a Access, last string) (<-chan changed, string) {
	t.Helper()
	s := NewServer(1<<20, time.Now)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeEvents(w, r, town, a)
	}))
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	out := make(chan changed, 10)
	begun := make(chan string, 1)
	go func() {
		defer close(out)
		in := bufio.NewScanner(resp.Body)
		var c changed
		for in.Scan() {
			if id, ok := strings.CutPrefix(in.Text(), "id: "); ok {
				c.ID = id
				select {
				case begun <- id:
				default:
				}
			}
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok && json.Unmarshal([]byte(data), &c) == nil {
				out <- c
			}
		}
	}()
	return out, <-begun
}

// silent demands that nothing is said.
func silent(t *testing.T, what string, events <-chan changed) {
	t.Helper()
	select {
	case c := <-events:
		t.Errorf("%s: %v", what, c)
	case <-time.After(3 * coalesce):
	}
}

// TestNothingIsSaidWhereNothingChanged opens streams, moves cases on in ways that no
// map shows, and comes back.
func TestNothingIsSaidWhereNothingChanged(t *testing.T) {
	town := &Town{Index: NewIndex()}
	r := oneReport()
	if err := town.Index.Apply([]Change{enter(r)}); err != nil {
		t.Fatal(err)
	}
	public, begun := follow(t, town, Public, "")
	staff, _ := follow(t, town, Staff, "")
	silent(t, "a stream that begins", public)
	apply := func(rev int64, patch string) {
		t.Helper()
		if err := town.Index.Apply([]Change{r.patch(rev, patch)}); err != nil {
			t.Fatal(err)
		}
	}
	apply(2, `{"notes":3}`)
	silent(t, "a note, to staff", staff)
	apply(3, `{"team":"`+word('t', 9).String()+`"}`)
	next(t, staff)
	silent(t, "another team, to the public", public)
	again, same := follow(t, town, Public, begun)
	silent(t, "a reader that comes back", again)
	if same != begun {
		t.Error("the moment has another name although nothing changed for the public")
	}
	apply(4, `{"status":"resolved"}`)
	if got := next(t, public); got.ID == begun {
		t.Error("a change leaves the moment as it was")
	}
	missed, _ := follow(t, town, Public, begun)
	if got := next(t, missed); got.Z != 0 || len(got.Cells) != 1 {
		t.Errorf("a reader that missed something hears %v", got)
	}
}

func next(t *testing.T, events <-chan changed) changed {
	t.Helper()
	select {
	case c := <-events:
		return c
	case <-time.After(5 * time.Second):
		t.Fatal("no event")
		return changed{}
	}
}

func TestThePageHearsWhatItMaySee(t *testing.T) {
	town := &Town{Index: NewIndex()}
	public, _ := follow(t, town, Public, "")
	staff, _ := follow(t, town, Staff, "")
	hidden, shown := oneReport(), oneReport()
	hidden.ID, hidden.Visible = word('r', 2), false
	shown.Point = orb.Point{9.5, 44.41}
	if err := town.Index.Apply([]Change{enter(hidden), enter(shown)}); err != nil {
		t.Fatal(err)
	}
	at := func(p orb.Point) [2]uint32 {
		c := geo.CellOf(geo.At(p), eventZoom)
		return [2]uint32{c.X, c.Y}
	}
	if got := next(t, public); got.Z != eventZoom || len(got.Cells) != 1 || got.Cells[0] != at(shown.Point) {
		t.Errorf("the public hears %v", got)
	}
	if got := next(t, staff); len(got.Cells) != 2 || got.Cells[0] != at(hidden.Point) || got.Cells[1] != at(shown.Point) {
		t.Errorf("staff hear %v", got)
	}
	if err := town.Index.Apply([]Change{shown.patch(2, `{"visible":false}`)}); err != nil {
		t.Fatal(err)
	}
	if got := next(t, public); len(got.Cells) != 1 {
		t.Errorf("the public hears %v of a report that is hidden", got)
	}
}

func TestASlowClientIsToldCoarsely(t *testing.T) {
	var h hub
	l := h.listen(Public)
	var touches []geo.Touch
	for n := range uint32(5000) {
		touches = append(touches, geo.Touch{Key: geo.Position{X: n * 850000, Y: n * 430000}.Key(), Public: true})
	}
	h.touch(touches)
	z, cells, _ := l.take()
	if len(cells) == 0 || len(cells) > maxEventCells {
		t.Fatalf("%d cells", len(cells))
	}
	for _, touch := range touches {
		found := false
		for _, c := range cells {
			found = found || c == geo.CellOf(touch.Key.Position(), z)
		}
		if !found {
			t.Fatalf("%v is not told", touch)
		}
	}
	h.leave(l)
	if len(h.clients) != 0 {
		t.Error("a client stays")
	}
}

func TestStreamsAreBounded(t *testing.T) {
	town := &Town{Index: NewIndex()}
	var last *listener
	for range maxStreams {
		last = town.Index.hub.listen(Public)
	}
	w := httptest.NewRecorder()
	NewServer(0, time.Now).ServeEvents(w, httptest.NewRequest(http.MethodGet, "/", nil), town, Public)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("one stream too many is answered %d", w.Code)
	}
	town.Index.hub.leave(last)
	if town.Index.hub.listen(Public) == nil {
		t.Error("a stream that ended leaves no room")
	}
}
