package tiles

import "segnavia/geo"

// singlesZoom is the zoom from which every report stands alone.
const singlesZoom geo.Zoom = 16

// cluster is what one bubble stands for.
type cluster struct {
	tally geo.Tally
	seed  int
}

// gather adds up the clusters that may show in the tile. Their seeds are up to
// reach cells outside it, and the members of these as many more.
func (w *window) gather(out []cluster) []cluster {
	out = out[:0]
	const first, last = halo - 2*reach, halo + gridSide + 2*reach
	w.know(first, first, last-1, last-1)
	for gy := first; gy < last; gy++ {
		for gx := first; gx < last; gx++ {
			i := int(w.grid[gy*around+gx]) - 1
			if i < 0 {
				continue
			}
			o := w.owner(i)
			for len(out) < len(w.bins) {
				out = append(out, cluster{tally: geo.Tally{Box: geo.EmptyBox()}, seed: len(out)})
			}
			out[o].tally.Add(&w.bins[i].tally)
		}
	}
	return out
}

// complete tells whether all members of a seed's cluster have been gathered.
func (w *window) complete(seed int) bool {
	const first, last = halo - reach, halo + gridSide + reach
	x, y := w.spots[seed].gx, w.spots[seed].gy
	return x >= first && y >= first && x < last && y < last
}

// expand returns the first zoom at which the reports of the box lie further
// apart than the merge radius, at most singlesZoom.
func expand(b geo.Box, z geo.Zoom) geo.Zoom {
	side := uint64(b.Side())
	for z++; z < singlesZoom; z++ {
		if side >= radius(z) {
			return z
		}
	}
	return singlesZoom
}

// number returns the cluster's id: that of its seed's cell, stable while the
// seed stays, and shared with no cluster of another zoom.
func (w *window) number(c *cluster) uint64 { return w.bins[c.seed].cell.Number() }

// only returns the report of a cluster that holds one.
func (w *window) only(c *cluster) geo.Entry {
	var found geo.Entry
	b := &w.bins[c.seed]
	at := b.start
	if w.asked.sieve != nil {
		at = w.snap.Cursor()
		at.Seek(b.first)
	}
	at.Each(b.cell.Range().Last, &w.asked.query, func(e geo.Entry) bool {
		found = e
		return false
	})
	return found
}

// inTile returns where the tile has a position, in its units. Every position
// is in one tile of a zoom, and there below the extent.
func inTile(t geo.Cell, p geo.Position) (x, y uint32, ok bool) {
	if !t.Contains(p) {
		return 0, 0, false
	}
	min, side := t.Min(), t.Zoom.Side()
	scale := func(v uint32) uint32 { return uint32(uint64(v) * extent / side) }
	return scale(p.X - min.X), scale(p.Y - min.Y), true
}
