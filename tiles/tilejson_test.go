package tiles

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

func TestTileJSONCarriesTheFilterOver(t *testing.T) {
	s := NewServer(0, time.Now)
	town := &Town{
		Name: "Genova", Attribution: "© Comune",
		Bounds: orb.Bound{Min: orb.Point{8.6, 44.3}, Max: orb.Point{9.1, 44.6}},
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/tiles/reports.json?status=open", nil)
	if err := s.ServeTileJSON(w, r, town, Public, "https://town.example"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		TileJSON     string
		Tiles        []string
		Bounds       []float64
		VectorLayers []struct{ ID string } `json:"vector_layers"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.TileJSON != "3.0.0" || len(got.Tiles) != 1 || len(got.Bounds) != 4 || len(got.VectorLayers) != 3 ||
		got.Tiles[0] != "https://town.example/tiles/reports/{z}/{x}/{y}.mvt?status=open" {
		t.Errorf("%s", w.Body)
	}
	w = httptest.NewRecorder()
	if err := s.ServeStreetsJSON(w, r, town, "https://town.example"); err != nil || w.Body.Len() == 0 {
		t.Errorf("%v", err)
	}
	r = httptest.NewRequest("GET", "/tiles/reports.json?status=odd", nil)
	if err := s.ServeTileJSON(httptest.NewRecorder(), r, town, Public, ""); err == nil {
		t.Error("a bad filter passes")
	}
}
