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
	q := x.ask(v, f, a, tile.Zoom+gridZooms)
	out := map[geo.Cell]geo.Tally{}
	q.cells(v.snap, tile, tile.Zoom+gridZooms, func(c geo.Cell, t *geo.Tally) {
		sum, ok := out[c]
		if !ok {
			sum.Box = geo.EmptyBox()
		}
		sum.Add(t)
		out[c] = sum
	})
	return out
}

// cells calls f for the cells of a zoom in the tile that hold reports that match;
// a cell may come in several parts.
func (q *question) cells(s *geo.Snapshot, tile geo.Cell, z geo.Zoom, f func(geo.Cell, *geo.Tally)) {
	r := tile.Range()
	if q.sieve != nil {
		q.sieve.Each(s, r, z, func(first geo.Key, t *geo.Tally) { f(geo.CellOf(first.Position(), z), t) })
		return
	}
	at := s.Cursor()
	at.Seek(r.First)
	for {
		k, ok := at.Key()
		if !ok || k > r.Last {
			return
		}
		c := geo.CellOf(k.Position(), z)
		t := geo.Tally{Box: geo.EmptyBox()}
		at.Tally(c.Range().Last, &q.query, &t)
		if t.Count() > 0 {
			f(c, &t)
		}
	}
}
