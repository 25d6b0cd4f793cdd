package table

import (
	"encoding/json"
	"math"

	"segnavia/civic"
)

// Swapped reports whether longitude and latitude seem to have changed places: most
// of the table's places lie beyond the areas' box, and would lie within it the
// other way round. Without areas nobody can say.
func (s *Survey) Swapped(areas []civic.ShapedArea) bool {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, a := range areas {
		var shape struct{ Coordinates any }
		if json.Unmarshal(a.Shape, &shape) == nil {
			b.add(shape.Coordinates)
		}
	}
	as, other := 0, 0
	for i := range s.lons {
		if b.holds(s.lons[i], s.lats[i]) {
			as++
		}
		if b.holds(s.lats[i], s.lons[i]) {
			other++
		}
	}
	return 2*as < len(s.lons) && 2*other > len(s.lons)
}

// box is where areas lie: west, south, east, north.
type box [4]float64

// add reads the positions of a GeoJSON geometry, however deep they lie.
func (b *box) add(coordinates any) {
	list, _ := coordinates.([]any)
	if len(list) >= 2 {
		x, isX := list[0].(float64)
		y, isY := list[1].(float64)
		if isX && isY {
			*b = box{min(b[0], x), min(b[1], y), max(b[2], x), max(b[3], y)}
			return
		}
	}
	for _, inner := range list {
		b.add(inner)
	}
}

func (b *box) holds(x, y float64) bool { return x >= b[0] && y >= b[1] && x <= b[2] && y <= b[3] }
