package tiles

import "segnavia/geo"

// Clusters start from the cells of a grid four zooms finer than the tile:
// 16 × 16 cells, 32 px each on a 512 px tile. What a tile shows depends on
// cells up to halo cells beyond its edges (see merge.go), and on no others: a
// window is the tile and its eight neighbours.
const (
	gridZooms = 4
	gridSide  = 1 << gridZooms
	halo      = gridSide
	around    = gridSide + 2*halo
)

// bin is one cell that holds reports.
type bin struct {
	tally geo.Tally
	cell  geo.Cell
	start geo.Cursor // before the cell's first row; not set by a sieve
	first geo.Key    // of the first row that matches; set by a sieve alone
}

// spot is what deciding needs of a bin; it is kept apart because decisions look
// at each bin from all its neighbours.
type spot struct {
	mean   geo.Position
	gx, gy int16  // place in the window
	rank   uint64 // which of two neighbours draws the other
}

// window is the grid of a tile and its neighbours. Cells are counted when they
// are first asked for: what is decided in the tile seldom hangs on far cells.
type window struct {
	snap  *geo.Snapshot
	asked *question
	tile  geo.Cell

	bins  []bin
	spots []spot
	grid  [around * around]int16 // index into bins plus one
	known [quads * quads]bool    // the quad of 4 × 4 cells has been counted

	decisions []decision // by bin, see merge.go
	near      []int16
}

const (
	quadZooms = 2
	quadSide  = 1 << quadZooms
	quads     = around / quadSide
)

func (w *window) open(s *geo.Snapshot, tile geo.Cell, q *question) {
	w.snap, w.tile, w.asked = s, tile, q
	w.bins, w.spots, w.decisions, w.near = w.bins[:0], w.spots[:0], w.decisions[:0], w.near[:0]
	clear(w.grid[:])
	clear(w.known[:])
}

// know counts the quads that hold the cells of a rectangle.
func (w *window) know(left, top, right, bottom int) {
	for qy := top / quadSide; qy <= bottom/quadSide; qy++ {
		for qx := left / quadSide; qx <= right/quadSide; qx++ {
			if k := qy*quads + qx; !w.known[k] {
				w.known[k] = true
				w.count(qx, qy)
			}
		}
	}
}

// count fills the bins of a quad. Beyond the world's edges there are none.
func (w *window) count(qx, qy int) {
	x := int64(w.tile.X)*(gridSide/quadSide) - halo/quadSide + int64(qx)
	y := int64(w.tile.Y)*(gridSide/quadSide) - halo/quadSide + int64(qy)
	z := w.tile.Zoom + gridZooms - quadZooms
	if x < 0 || y < 0 || x>>z != 0 || y>>z != 0 {
		return
	}
	r := geo.Cell{Zoom: z, X: uint32(x), Y: uint32(y)}.Range()
	if w.asked.sieve != nil {
		w.sieve(r, z+quadZooms, qx, qy)
		return
	}
	at := w.snap.Cursor()
	at.Seek(r.First)
	for {
		k, ok := at.Key()
		if !ok || k > r.Last {
			return
		}
		c := geo.CellOf(k.Position(), z+quadZooms)
		b := bin{tally: geo.Tally{Box: geo.EmptyBox()}, cell: c, start: at}
		at.Tally(c.Range().Last, &w.asked.query, &b.tally)
		if b.tally.Count() > 0 {
			w.add(b, qx*quadSide+int(c.X)%quadSide, qy*quadSide+int(c.Y)%quadSide)
		}
	}
}

// sieve fills the bins of a quad, whose keys are r and whose cells have zoom z,
// from what the sieve keeps.
func (w *window) sieve(r geo.Range, z geo.Zoom, qx, qy int) {
	var b bin
	put := func() {
		if b.tally.Count() > 0 {
			w.add(b, qx*quadSide+int(b.cell.X)%quadSide, qy*quadSide+int(b.cell.Y)%quadSide)
		}
	}
	w.asked.sieve.Each(w.snap, r, z, func(first geo.Key, t *geo.Tally) {
		if c := geo.CellOf(first.Position(), z); c != b.cell {
			put()
			b = bin{tally: geo.Tally{Box: geo.EmptyBox()}, cell: c, first: first}
		}
		b.tally.Add(t)
	})
	put()
}

func (w *window) add(b bin, gx, gy int) {
	w.bins = append(w.bins, b)
	w.spots = append(w.spots, spot{
		mean: b.tally.Mean(), gx: int16(gx), gy: int16(gy), rank: rank(b.cell, b.tally.Count()),
	})
	w.decisions = append(w.decisions, undecided())
	w.grid[gy*around+gx] = int16(len(w.bins))
}

// neighbourhood returns the tile and its neighbours, the world's edges being
// edges, in the order of their keys.
func neighbourhood(t geo.Cell) []geo.Cell {
	out := make([]geo.Cell, 0, 9)
	n := int64(1) << t.Zoom
	for y := int64(t.Y) - 1; y <= int64(t.Y)+1; y++ {
		for x := int64(t.X) - 1; x <= int64(t.X)+1; x++ {
			if x < 0 || y < 0 || x >= n || y >= n {
				continue
			}
			c := geo.Cell{Zoom: t.Zoom, X: uint32(x), Y: uint32(y)}
			i := len(out)
			out = append(out, c)
			for ; i > 0 && out[i-1].Number() > c.Number(); i-- {
				out[i] = out[i-1]
			}
			out[i] = c
		}
	}
	return out
}
