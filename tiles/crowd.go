package tiles

import "segnavia/geo"

// A tile from singlesZoom on shows at most maxSingles reports one by one, a
// 400 kB tile; of a fuller one, the cells that hold more than their share are
// clusters.
const (
	maxSingles = 5000
	cellShare  = maxSingles / (gridSide * gridSide)
)

// crowded draws a tile that holds more than maxSingles reports that match, and
// tells whether it is one. A cell is either one cluster at the mean of its
// reports or all of them, so the counts stay exact without a look at the tiles
// around.
func (c *canvas) crowded(v view, tile geo.Cell, q *question) bool {
	if t := v.snap.Tally(tile, &q.query); t.Count() <= maxSingles {
		return false
	}
	q.cells(v.snap, tile, tile.Zoom+gridZooms, func(cell geo.Cell, t *geo.Tally) {
		if t.Count() <= cellShare {
			c.members(v, tile, cell, q)
			return
		}
		if x, y, ok := inTile(tile, t.Mean()); ok {
			c.bubble(t, cell.Number(), min(tile.Zoom+1, MaxZoom), x, y)
		}
	})
	return true
}
