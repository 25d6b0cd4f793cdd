package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// MaxLatitude is the latitude, in degrees, at which web mercator is square.
const MaxLatitude = 85.05112877980659

const world = 1 << 32

// Position is a point of the web mercator square in units of 2⁻³² of its side
// (9.3 mm at the equator): X grows eastwards from longitude -180, Y southwards
// from MaxLatitude.
type Position struct{ X, Y uint32 }

// At returns the position of a point in degrees. Longitudes and latitudes
// beyond the square are clamped to its edge, 180 included; NaN becomes 0.
func At(p orb.Point) Position {
	lat := math.Max(-MaxLatitude, math.Min(MaxLatitude, p.Lat()))
	s := math.Sin(lat * math.Pi / 180)
	y := 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
	return Position{X: clamp((p.Lon() + 180) / 360 * world), Y: clamp(y * world)}
}

// Point returns the centre of the position's square, in degrees.
func (p Position) Point() orb.Point {
	x := (float64(p.X) + 0.5) / world
	y := (float64(p.Y) + 0.5) / world
	lat := math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi
	return orb.Point{x*360 - 180, lat}
}

// clamp is written so that NaN fails the first test.
func clamp(v float64) uint32 {
	switch {
	case !(v > 0):
		return 0
	case v >= world-1:
		return world - 1
	}
	return uint32(v)
}
