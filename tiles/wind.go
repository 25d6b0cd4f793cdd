package tiles

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
)

// wind brings the polygons of layers, in units of the tile, into the form of the vector
// tile specification 2.1, section 4.3.4.4: whole units, outer rings of a positive area
// by the surveyor's formula, inner ones of a negative, and no ring without one. Whoever
// draws by the winding shows the others as holes.
func wind(layers mvt.Layers) {
	for _, l := range layers {
		kept := l.Features[:0]
		for _, f := range l.Features {
			switch g := f.Geometry.(type) {
			case orb.Ring:
				f.Geometry = wound(orb.Polygon{g})
			case orb.Polygon:
				f.Geometry = wound(g)
			case orb.MultiPolygon:
				f.Geometry = allWound(g)
			}
			if f.Geometry != nil {
				kept = append(kept, f)
			}
		}
		l.Features = kept
	}
}

// allWound is nil where nothing of the polygons is left.
func allWound(g orb.MultiPolygon) orb.Geometry {
	var out orb.MultiPolygon
	for _, p := range g {
		if p, ok := wound(p).(orb.Polygon); ok {
			out = append(out, p)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// wound is nil where the outer ring has no area.
func wound(p orb.Polygon) orb.Geometry {
	var out orb.Polygon
	for i, r := range p {
		r = whole(r)
		area := doubleArea(r)
		if area == 0 && i == 0 {
			return nil
		}
		if area == 0 {
			continue
		}
		if (area > 0) != (i == 0) {
			slices.Reverse(r)
		}
		out = append(out, r)
	}
	if out == nil {
		return nil
	}
	return out
}

// whole is a ring in whole units, closed, no point twice in a row.
func whole(r orb.Ring) orb.Ring {
	out := make(orb.Ring, 0, len(r)+1)
	for _, p := range r {
		p = orb.Point{math.Round(p[0]), math.Round(p[1])}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	return out
}

// doubleArea is twice the area by the surveyor's formula, positive for an outer
// ring: clockwise to the eye, since Y grows downwards.
func doubleArea(r orb.Ring) (sum float64) {
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum
}
