package tiles

import (
	"github.com/paulmach/orb"

	"segnavia/geo"
)

// GridCell returns the grid cell in which a report at p, in degrees, is counted
// first on the tiles of zoom z: the cell of zoom z+4 of its position
//
//	X = ⌊(lon + 180) / 360 · 2³²⌋
//	Y = ⌊(1/2 − ln((1 + sin lat) / (1 − sin lat)) / 4π) · 2³²⌋
//
// clamped to 0 … 2³²−1, that is (X >> 28−z, Y >> 28−z). bench/tiles/grid.sql
// says the same in SQL. z is at most 28.
func GridCell(p orb.Point, z geo.Zoom) geo.Cell {
	return geo.CellOf(geo.At(p), z+gridZooms)
}

// Grid counts the reports of each grid cell of a tile of zoom 0 to 28, before
// cells become clusters. Cells without a report are left out.
func (x *Index) Grid(tile geo.Cell, f *Filter, a Access) map[geo.Cell]geo.Tally {
	v := x.view()
	g := v.dict.resolve(f, a)
	q := g.Query()
	out := map[geo.Cell]geo.Tally{}
	last := tile.Range().Last
	at := v.snap.Cursor()
	at.Seek(tile.Range().First)
	for {
		k, ok := at.Key()
		if !ok || k > last {
			return out
		}
		c := geo.CellOf(k.Position(), tile.Zoom+gridZooms)
		t := geo.Tally{Box: geo.EmptyBox()}
		at.Tally(c.Range().Last, &q, &t)
		if t.Count() > 0 {
			out[c] = t
		}
	}
}
