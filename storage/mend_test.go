package storage_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"segnavia/civic"
)

func ring(points ...string) string {
	return `{"type":"MultiPolygon","coordinates":[[[` + strings.Join(points, ",") + `]]]}`
}

func box(west, south, east, north float64) string {
	p := func(x, y float64) string { return fmt.Sprintf("[%g,%g]", x, y) }
	return ring(p(west, south), p(east, south), p(east, north), p(west, north), p(west, south))
}

func TestAreasAreMendedPutTogetherAndCompared(t *testing.T) {
	db, _ := open(t)
	shaped := func(name, shape string) civic.ShapedArea {
		return civic.ShapedArea{Area: civic.Area{Name: name, Population: 10}, Shape: []byte(shape)}
	}
	areas, told, err := db.MendAreas(t.Context(), []civic.ShapedArea{
		shaped("Fiocco", ring("[8.5,44.3]", "[8.6,44.4]", "[8.6,44.3]", "[8.5,44.4]", "[8.5,44.3]")),
		shaped("Centro", box(8.80, 44.30, 8.85, 44.50)), shaped("Centro", box(8.85, 44.30, 8.90, 44.50)),
		shaped("Nord", box(8.88, 44.30, 9.00, 44.50)),
		// A ring of areas around nothing.
		shaped("Sud", box(8.80, 44.10, 9.00, 44.15)), shaped("Est", box(8.95, 44.15, 9.00, 44.30)), shaped("Ovest", box(8.80, 44.15, 8.85, 44.30)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(areas) != 6 || areas[1].Name != "Centro" || areas[1].Population != 20 {
		t.Errorf("%d areas, %+v", len(areas), areas[1].Area)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{"Fiocco was mended", "Self-intersection", "Centro stands 2 times", "Centro and Nord overlap by", "a gap of", "belongs to no area"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not told:\n%s", want, all)
		}
	}
	if strings.Count(all, "gap") != 1 || strings.Count(all, "overlap") != 1 {
		t.Errorf("told:\n%s", all)
	}
	if _, _, err := db.MendAreas(t.Context(), []civic.ShapedArea{shaped("Riga", ring("[8.8,44.3]", "[8.9,44.3]", "[8.8,44.3]", "[8.8,44.3]"))}); err == nil || !strings.Contains(err.Error(), "Riga encloses nothing") {
		t.Errorf("a line for an area: %v", err)
	}
}

func TestAnySystemIsTransformedAndNoPointSpoilsOthers(t *testing.T) {
	db, town := open(t)
	at := []civic.Position{{Lon: 1_494_000, Lat: 4_918_000}, {Lon: 1e15, Lat: -1e15}, {Lon: 1_494_100, Lat: 4_918_100}}
	if err := db.Project(t.Context(), 3003, at); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 2} {
		if math.Abs(at[i].Lon-8.925) > 0.01 || math.Abs(at[i].Lat-44.41) > 0.01 {
			t.Errorf("point %d lies at %v", i, at[i])
		}
	}
	if b, err := db.Surroundings(t.Context(), town.ID); err != nil || b.Holds(at[1].Lon, at[1].Lat) {
		t.Errorf("a point that the system cannot hold lies at %v, %v", at[1], err)
	}
	var refused *civic.Error
	if err := db.Project(t.Context(), 999_998, at); !errors.As(err, &refused) || refused.Code != "bad_coordinates" {
		t.Errorf("a system that nobody knows: %v", err)
	}
}
