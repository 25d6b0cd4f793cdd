package tiles

import "segnavia/geo"

// Clusters start from the cells of a grid four zooms finer than the tile:
// 16 × 16 cells, 32 px each on a 512 px tile. A tile's clusters depend on the
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
	tally  geo.Tally
	mean   geo.Position
	cell   geo.Cell
	start  geo.Cursor // before the cell's first row
	rank   uint64     // which of two neighbours draws the other
	gx, gy int        // place in the window
	seed   int        // the bin that this one is drawn to, -1 as yet
}

// window is the grid of a tile and its halo.
type window struct {
	tile geo.Cell
	bins []bin
	grid [around * around]int32 // index into bins plus one
	near []int32                // see neighbours
	from []int32
}

// fill counts the reports of each cell. Rows are read once, in their order.
func (w *window) fill(s *geo.Snapshot, tile geo.Cell, q *geo.Query) {
	w.tile = tile
	w.bins = w.bins[:0]
	clear(w.grid[:])
	at := s.Cursor()
	for _, t := range neighbourhood(tile) {
		r := t.Range()
		at.Seek(r.First)
		w.fillTile(&at, t, q)
	}
}

// fillTile reads the cells of one of the nine tiles.
func (w *window) fillTile(at *geo.Cursor, t geo.Cell, q *geo.Query) {
	last := t.Range().Last
	for {
		k, ok := at.Key()
		if !ok || k > last {
			return
		}
		c := geo.CellOf(k.Position(), t.Zoom+gridZooms)
		start, r := *at, c.Range()
		tally := geo.Tally{Box: geo.EmptyBox()}
		at.Tally(r.Last, q, &tally)
		if tally.Count() > 0 {
			w.add(c, tally, start)
		}
	}
}

func (w *window) place(c geo.Cell) (int, int) {
	return int(c.X) - int(w.tile.X)*gridSide + halo, int(c.Y) - int(w.tile.Y)*gridSide + halo
}

func (w *window) add(c geo.Cell, t geo.Tally, start geo.Cursor) {
	x, y := w.place(c)
	w.bins = append(w.bins, bin{
		tally: t, mean: t.Mean(), cell: c, start: start, rank: rank(c, t.Count()),
		gx: x, gy: y, seed: -1,
	})
	w.grid[y*around+x] = int32(len(w.bins))
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
