package tiles

import (
	"math/bits"

	"segnavia/geo"
)

// radiusPixels is the distance under which two cells become one cluster, on a
// tile of tilePixels. It is below two cells, so that only the 24 cells around
// a cell can be near it.
const (
	radiusPixels = 60
	tilePixels   = 512
	reach        = 2
)

// rounds is how often seeds are chosen. Each choice looks reach cells further:
// a cluster whose mean lies in the tile has its seed up to 1 reach outside, its
// members 2, the seeds that compete for these 3, what decides on those 4, and
// 2 more for each further round: hence halo = reach × (2 + 2 × rounds).
const rounds = 3

// radius returns the merge radius at a zoom in positions.
func radius(z geo.Zoom) uint64 { return z.Side() / tilePixels * radiusPixels }

// rank orders cells: by the order of magnitude of their count, so that bubbles
// stand where most reports are and stay there as single reports come and go;
// then by chance, so that a slope of counts does not make a chain of decisions.
func rank(c geo.Cell, count uint32) uint64 {
	h := c.Number() * 0x9e3779b97f4a7c15
	h ^= h >> 29
	return uint64(bits.Len32(count))<<58 | h*0xbf58476d1ce4e5b9>>6
}

// merge draws every cell to a seed. A seed is a cell that outranks all near
// cells that have no seed yet; a cell near seeds goes to the nearest. All of it
// is decided by cells nearby, so that each tile decides alike on what two
// tiles see.
func (w *window) merge() {
	w.neighbours()
	for range rounds {
		w.choose()
		w.draw()
	}
	for i := range w.bins {
		if w.bins[i].seed < 0 {
			w.bins[i].seed = i
		}
	}
}

// neighbours lists for each bin the bins within the radius: those of bin i are
// near[from[i]:from[i+1]].
func (w *window) neighbours() {
	w.near, w.from = w.near[:0], append(w.from[:0], 0)
	r := radius(w.tile.Zoom)
	for i := range w.bins {
		b := &w.bins[i]
		for y := max(0, b.gy-reach); y <= min(around-1, b.gy+reach); y++ {
			for x := max(0, b.gx-reach); x <= min(around-1, b.gx+reach); x++ {
				j := int(w.grid[y*around+x]) - 1
				if j >= 0 && j != i && distance(b.mean, w.bins[j].mean) < r*r {
					w.near = append(w.near, int32(j))
				}
			}
		}
		w.from = append(w.from, int32(len(w.near)))
	}
}

func (w *window) nearOf(i int) []int32 { return w.near[w.from[i]:w.from[i+1]] }

// choose makes seeds of the bins that outrank their neighbours without a seed.
func (w *window) choose() {
	for i := range w.bins {
		if b := &w.bins[i]; b.seed < 0 && w.outranks(i) {
			b.seed = chosen
		}
	}
	for i := range w.bins {
		if w.bins[i].seed == chosen {
			w.bins[i].seed = i
		}
	}
}

// chosen marks a seed of this round, which still counts as without a seed.
const chosen = -2

func (w *window) outranks(i int) bool {
	b := &w.bins[i]
	for _, j := range w.nearOf(i) {
		o := &w.bins[j]
		if o.seed >= 0 {
			continue
		}
		if o.rank > b.rank || o.rank == b.rank && o.cell.Number() > b.cell.Number() {
			return false
		}
	}
	return true
}

// draw gives each bin without a seed the nearest seed within the radius.
func (w *window) draw() {
	for i := range w.bins {
		b := &w.bins[i]
		if b.seed >= 0 {
			continue
		}
		best, least := -1, uint64(0)
		for _, j := range w.nearOf(i) {
			o := &w.bins[j]
			if o.seed != int(j) {
				continue
			}
			d := distance(b.mean, o.mean)
			if best < 0 || d < least || d == least && o.cell.Number() < w.bins[best].cell.Number() {
				best, least = int(j), d
			}
		}
		if best >= 0 {
			b.seed = best
		}
	}
}

// distance returns the square of the distance. Near cells of zoom 0 are at most
// 2³⁰ apart on each axis, so it does not overflow.
func distance(a, b geo.Position) uint64 {
	dx, dy := int64(a.X)-int64(b.X), int64(a.Y)-int64(b.Y)
	return uint64(dx*dx) + uint64(dy*dy)
}
