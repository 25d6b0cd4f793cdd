package tiles

import (
	"math"

	"github.com/paulmach/orb"
)

// checksum sums up the points of a geometry in their order.
func checksum(g orb.Geometry) uint64 {
	h := uint64(14695981039346656037)
	each(g, func(p orb.Point) {
		h = (h ^ math.Float64bits(p[0])) * 1099511628211
		h = (h ^ math.Float64bits(p[1])) * 1099511628211
	})
	return h
}

func each(g orb.Geometry, f func(orb.Point)) {
	line := func(points []orb.Point) {
		for _, p := range points {
			f(p)
		}
	}
	switch g := g.(type) {
	case orb.Point:
		f(g)
	case orb.MultiPoint:
		line(g)
	case orb.LineString:
		line(g)
	case orb.Ring:
		line(g)
	case orb.MultiLineString:
		for _, l := range g {
			line(l)
		}
	case orb.Polygon:
		for _, r := range g {
			line(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			each(p, f)
		}
	case orb.Collection:
		for _, p := range g {
			each(p, f)
		}
	}
}
