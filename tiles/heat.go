package tiles

import "segnavia/geo"

// heatSide is the side of the grid of counts of a heat tile: 8 px a cell.
const (
	heatZooms = 6
	heatSide  = 1 << heatZooms
)

// heat draws the layer heat: a point in the middle of each cell of a 64 × 64
// grid, its weight the number of reports.
func (c *canvas) heat(v view, tile geo.Cell, q *question) []byte {
	clear(c.counts[:])
	q.cells(v.snap, tile, min(tile.Zoom+heatZooms, geo.MaxZoom), func(cell geo.Cell, t *geo.Tally) {
		c.counts[cell.Y%heatSide*heatSide+cell.X%heatSide] += t.Count()
	})
	l := &c.bubbles
	const step = extent / heatSide
	for i, n := range c.counts {
		if n > 0 {
			l.uint(uint64(n))
			l.point(0, uint32(i%heatSide)*step+step/2, uint32(i/heatSide)*step+step/2)
		}
	}
	return l.append(nil, "heat", []string{"count"})
}
