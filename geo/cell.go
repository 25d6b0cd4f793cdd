package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Zoom is a level of the tile pyramid: at zoom z the world is 2ᶻ × 2ᶻ cells.
type Zoom uint8

// MaxZoom is the finest zoom: a cell is one position.
const MaxZoom Zoom = 32

// Side returns the side of a cell in positions. At zoom 0 it is 2³².
func (z Zoom) Side() uint64 { return 1 << (MaxZoom - z) }

// Cell is one square of the tile pyramid: a tile, or a square of the finer
// grid that clusters start from. X grows eastwards, Y southwards.
type Cell struct {
	Zoom Zoom
	X, Y uint32
}

// CellOf returns the cell of zoom z that holds the position.
func CellOf(p Position, z Zoom) Cell {
	s := MaxZoom - z
	return Cell{Zoom: z, X: p.X >> s, Y: p.Y >> s}
}

// Valid tells whether the cell exists: zoom at most MaxZoom, X and Y below 2ᶻ.
func (c Cell) Valid() bool {
	return c.Zoom <= MaxZoom && uint64(c.X)>>c.Zoom == 0 && uint64(c.Y)>>c.Zoom == 0
}

// String returns "z/x/y".
func (c Cell) String() string { return fmt.Sprintf("%d/%d/%d", c.Zoom, c.X, c.Y) }

// Min returns the cell's north-western position.
func (c Cell) Min() Position {
	s := MaxZoom - c.Zoom
	return Position{X: c.X << s, Y: c.Y << s}
}

// Max returns the cell's south-eastern position, included in the cell.
func (c Cell) Max() Position {
	last := uint32(c.Zoom.Side() - 1)
	p := c.Min()
	return Position{X: p.X | last, Y: p.Y | last}
}

// Contains tells whether the position lies in the cell. Every position lies in
// exactly one cell of each zoom.
func (c Cell) Contains(p Position) bool { return CellOf(p, c.Zoom) == c }

// Range returns the keys of the cell.
func (c Cell) Range() Range {
	s := 2 * uint(MaxZoom-c.Zoom)
	first := Key(spread(c.X)|spread(c.Y)<<1) << s
	return Range{First: first, Last: first | (1<<s - 1)}
}

// Parent returns the cell of zoom z that holds this one; z is at most c.Zoom.
func (c Cell) Parent(z Zoom) Cell {
	s := c.Zoom - z
	return Cell{Zoom: z, X: c.X >> s, Y: c.Y >> s}
}

// Number returns a number that no other cell of any zoom ≤ 31 has: a one
// followed by the 2·z bits of the cell's Morton number. Up to zoom 26 it is
// exact as a JavaScript number.
func (c Cell) Number() uint64 {
	return 1<<(2*uint(c.Zoom)) | spread(c.X) | spread(c.Y)<<1
}

// CellNumbered returns the cell whose Number is n, for n ≥ 1.
func CellNumbered(n uint64) Cell {
	z := Zoom(0)
	for n>>(2*uint(z)) > 1 {
		z++
	}
	k := n &^ (1 << (2 * uint(z)))
	return Cell{Zoom: z, X: squeeze(k), Y: squeeze(k >> 1)}
}

// Bound returns the cell's edges in degrees.
func (c Cell) Bound() orb.Bound {
	n := float64(uint64(1) << c.Zoom)
	lon := func(x float64) float64 { return x/n*360 - 180 }
	lat := func(y float64) float64 {
		return math.Atan(math.Sinh(math.Pi*(1-2*y/n))) * 180 / math.Pi
	}
	x, y := float64(c.X), float64(c.Y)
	return orb.Bound{
		Min: orb.Point{lon(x), lat(y + 1)},
		Max: orb.Point{lon(x + 1), lat(y)},
	}
}
