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

// decision is what is known of a bin after each round: the bin it is drawn to,
// itself if it is a seed. It is found when asked for and remembered.
type decision struct {
	from, to int32 // the bins within the radius are near[from:to]
	drawn    [rounds + 1]int16
	seed     [rounds + 1]int8
}

const (
	unknown = -2
	free    = -1 // as yet drawn to no seed
	yes     = 1
	no      = -1
)

func undecided() decision {
	d := decision{from: unknown}
	for k := range d.drawn {
		d.drawn[k] = unknown
	}
	d.drawn[0] = free
	return d
}

// owner returns the bin that a bin is drawn to in the end.
//
// A seed of a round is a cell that outranks all near cells that are still free;
// a free cell near seeds goes to the nearest. Cells that stay free after the
// last round stand alone. All of it is decided by cells nearby, so that each
// tile decides alike on what two tiles see.
func (w *window) owner(i int) int {
	if o := w.drawn(rounds, i); o != free {
		return o
	}
	return i
}

// drawn returns the seed that bin i has been drawn to by the end of a round.
func (w *window) drawn(round, i int) int {
	if o := w.decisions[i].drawn[round]; o != unknown {
		return int(o)
	}
	o := w.drawn(round-1, i)
	if o == free {
		o = w.draw(round, i)
	}
	w.decisions[i].drawn[round] = int16(o)
	return o
}

func (w *window) draw(round, i int) int {
	if w.isSeed(round, i) {
		return i
	}
	best, least := free, uint64(0)
	for _, n := range w.nearOf(i) {
		j := int(n)
		if !w.isSeed(round, j) {
			continue
		}
		d := distance(w.spots[i].mean, w.spots[j].mean)
		if best < 0 || d < least || d == least && w.bins[j].cell.Number() < w.bins[best].cell.Number() {
			best, least = j, d
		}
	}
	return best
}

// isSeed tells whether bin i becomes a seed in a round.
func (w *window) isSeed(round, i int) bool {
	s := w.decisions[i].seed[round]
	if s == 0 {
		s = no
		if w.drawn(round-1, i) == free && w.outranks(round, i) {
			s = yes
		}
		w.decisions[i].seed[round] = s
	}
	return s == yes
}

func (w *window) outranks(round, i int) bool {
	for _, n := range w.nearOf(i) {
		j := int(n)
		if w.above(j, i) && w.drawn(round-1, j) == free {
			return false
		}
	}
	return true
}

func (w *window) above(j, i int) bool {
	a, b := w.spots[j].rank, w.spots[i].rank
	return a > b || a == b && w.bins[j].cell.Number() > w.bins[i].cell.Number()
}

// nearOf returns the bins within the radius of bin i.
func (w *window) nearOf(i int) []int16 {
	if w.decisions[i].from == unknown {
		from := int32(len(w.near))
		w.look(i)
		w.decisions[i].from, w.decisions[i].to = from, int32(len(w.near))
	}
	d := &w.decisions[i]
	return w.near[d.from:d.to]
}

func (w *window) look(i int) {
	s := w.spots[i]
	r := radius(w.tile.Zoom)
	r *= r
	x, y := int(s.gx), int(s.gy)
	left, right := max(0, x-reach), min(around-1, x+reach)
	top, bottom := max(0, y-reach), min(around-1, y+reach)
	w.know(left, top, right, bottom)
	for gy := top; gy <= bottom; gy++ {
		for _, n := range w.grid[gy*around+left : gy*around+right+1] {
			j := int(n) - 1
			if j >= 0 && j != i && distance(s.mean, w.spots[j].mean) < r {
				w.near = append(w.near, int16(j))
			}
		}
	}
}

// distance returns the square of the distance. Near cells of zoom 0 are at most
// 2³⁰ apart on each axis, so it does not overflow.
func distance(a, b geo.Position) uint64 {
	dx, dy := int64(a.X)-int64(b.X), int64(a.Y)-int64(b.Y)
	return uint64(dx*dx) + uint64(dy*dy)
}
