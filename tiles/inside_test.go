package tiles

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"segnavia/geo"
)

// TestWhatHappensInsideIsNotSeenFromOutside changes what the public is not told of a
// report: no tag, tile or event of the public's differs.
func TestWhatHappensInsideIsNotSeenFromOutside(t *testing.T) {
	s, town := NewServer(1<<20, time.Now), &Town{Index: NewIndex()}
	row := oneReport()
	if err := town.Index.Apply([]Change{enter(row)}); err != nil {
		t.Fatal(err)
	}
	tags := func(a Access) (list []string) {
		for _, z := range []geo.Zoom{0, 12, 16} {
			r := get(t, s, town, a, cellAt(z), "")
			_ = r.Body.Close() // only its tag counts
			list = append(list, r.Header.Get("Etag"))
		}
		return list
	}
	public, staff := tags(Public), tags(Staff)
	events, _ := follow(t, town, Public, "")
	rev := row.Rev
	for _, inside := range []string{
		`{}`, `{"team":"` + word('t', 3).String() + `"}`, `{"priority":"high"}`, `{"channel":"phone"}`,
	} {
		rev++
		if err := town.Index.Apply([]Change{row.patch(rev, inside)}); err != nil {
			t.Fatal(err)
		}
		for i, tag := range tags(Public) {
			if tag != public[i] {
				t.Errorf("%s changes the public's tag %d", inside, i)
			}
		}
		if now := tags(Staff); now[2] == staff[2] {
			t.Errorf("%s does not change the staff's tag", inside)
		}
		staff = tags(Staff)
	}
	// The next event is of what can be seen.
	if err := town.Index.Apply([]Change{row.patch(rev+1, `{"status":"resolved"}`)}); err != nil {
		t.Fatal(err)
	}
	if tags(Public)[2] == public[2] {
		t.Error("a new status does not change the public's tag")
	}
	next(t, events)
	select {
	case more := <-events:
		t.Errorf("the public heard of something else too: %v", more)
	case <-time.After(50 * time.Millisecond):
	}
}

// TestThePublicFiltersByWhatItIsTold asks by who works on a report and how it came.
func TestThePublicFiltersByWhatItIsTold(t *testing.T) {
	s, town := NewServer(1<<20, time.Now), &Town{Index: NewIndex()}
	for _, query := range []string{"?team=none", "?team=" + word('t', 1).String(), "?channel=phone", "?channel=web,app&status=open"} {
		for a, refused := range map[Access]bool{Public: true, Staff: false} {
			r := &http.Request{Method: "GET", URL: mustURL(t, query), Header: http.Header{}}
			for door, err := range map[string]error{
				"tile":     s.ServeTile(httptest.NewRecorder(), r, town, a, geo.Cell{}),
				"tilejson": s.ServeTileJSON(httptest.NewRecorder(), r, town, a, "http://a.test"),
			} {
				var bad *ParameterError
				if errors.As(err, &bad) != refused || refused && bad.Reason != "not_public" {
					t.Errorf("%s %s: %v", door, query, err)
				}
			}
		}
	}
}
