package tiles

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"

	"segnavia/geo"
)

func someStreets() []Feature {
	line := func(dx, dy float64) orb.LineString {
		return orb.LineString{{8.93, 44.41}, {8.93 + dx/2, 44.41 + dy/2 + 1e-7}, {8.93 + dx, 44.41 + dy}}
	}
	return []Feature{
		{Kind: "street", Name: "Via Garibaldi", Class: 0, Geometry: line(0.01, 0)},
		{Kind: "street", Name: "Vico Stretto", Class: 2, Geometry: line(0, 0.001)},
		{Kind: "sea", Geometry: orb.Polygon{{{8, 43}, {10, 43}, {10, 44.4}, {8, 44.4}, {8, 43}}}},
		{Kind: "castle", Name: "left out", Geometry: orb.Point{8.93, 44.41}},
		{Kind: "park"},
	}
}

func layersOf(t *testing.T, b []byte) map[string]*mvt.Layer {
	t.Helper()
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*mvt.Layer{}
	for _, l := range layers {
		if l.Version != 2 {
			t.Errorf("%s is of version %d", l.Name, l.Version)
		}
		out[l.Name] = l
	}
	return out
}

func TestMinorStreetsShowNearby(t *testing.T) {
	s := NewStreets(someStreets())
	for z, want := range map[geo.Zoom]int{8: 0, 10: 1, 13: 1, 14: 2, 16: 2} {
		b, err := s.Tile(cellAt(z))
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		layers := layersOf(t, b)
		if l := layers["street"]; l != nil {
			got = len(l.Features)
			if l.Features[0].Properties["name"] != "Via Garibaldi" || l.Features[0].Properties["class"] != 0.0 {
				t.Errorf("zoom %d: %v", z, l.Features[0].Properties)
			}
		}
		if got != want {
			t.Errorf("zoom %d shows %d streets, want %d", z, got, want)
		}
	}
	if b, err := s.Tile(geo.Cell{Zoom: 14, X: 1, Y: 1}); err != nil || b != nil {
		t.Errorf("a far tile has %d bytes, %v", len(b), err)
	}
}

func TestStreetsAreServedAndRevalidated(t *testing.T) {
	s, town := NewServer(1<<20, time.Now), &Town{Streets: NewStreets(someStreets())}
	r := httptest.NewRequest("GET", "/", nil)
	w := httptest.NewRecorder()
	if err := s.ServeStreets(w, r, town, cellAt(14)); err != nil || w.Body.Len() == 0 {
		t.Fatalf("%d bytes, %v", w.Body.Len(), err)
	}
	r.Header.Set("If-None-Match", w.Header().Get("Etag"))
	w = httptest.NewRecorder()
	if err := s.ServeStreets(w, r, town, cellAt(14)); err != nil || w.Code != 304 {
		t.Errorf("status %d, %v", w.Code, err)
	}
	other := NewStreets(someStreets()[:1])
	if other.version == town.Streets.version {
		t.Error("other streets have the same version")
	}
	w = httptest.NewRecorder()
	if err := s.ServeStreets(w, httptest.NewRequest("GET", "/", nil), &Town{}, cellAt(14)); err != nil || w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("a town without streets: %d, %d bytes, %v", w.Code, w.Body.Len(), err)
	}
}
