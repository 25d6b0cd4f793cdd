package tiles

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"segnavia/geo"
)

// reference clusters all reports at once, without tiles, windows or borders.
func reference(rows []Row, z geo.Zoom) map[uint64]geo.Tally {
	type point struct {
		geo.Tally
		cell geo.Cell
		seed uint64
	}
	cells := map[uint64]*point{}
	for i := range rows {
		p := geo.At(rows[i].Point)
		c := geo.CellOf(p, z+gridZooms)
		if cells[c.Number()] == nil {
			cells[c.Number()] = &point{cell: c}
		}
		t := &cells[c.Number()].Tally
		t.Open, t.SumX, t.SumY = t.Open+1, t.SumX+uint64(p.X), t.SumY+uint64(p.Y)
	}
	order := slices.SortedFunc(maps.Keys(cells), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(rank(cells[b].cell, cells[b].Open), rank(cells[a].cell, cells[a].Open)), cmp.Compare(b, a))
	})
	r := radius(z) * radius(z)
	for range rounds {
		var free, seeds []uint64
		for _, n := range order {
			if cells[n].seed == 0 {
				free = append(free, n)
			}
		}
		for i, n := range free {
			if !slices.ContainsFunc(free[:i], func(o uint64) bool {
				return distance(cells[o].Mean(), cells[n].Mean()) < r
			}) {
				seeds = append(seeds, n)
			}
		}
		for _, n := range free {
			least := r
			for _, s := range seeds {
				d := distance(cells[n].Mean(), cells[s].Mean())
				if d < least || d == least && d < r && s < cells[n].seed {
					cells[n].seed, least = s, d
				}
			}
		}
	}
	out := map[uint64]geo.Tally{}
	for n, c := range cells {
		seed := cmp.Or(c.seed, n)
		t := out[seed]
		t.Add(&c.Tally)
		out[seed] = t
	}
	return out
}

// crowd draws reports all over a square of a few tiles of zoom z.
func crowd(r *rand.Rand, n int, z geo.Zoom, tiles float64) []Row {
	rows := make([]Row, n)
	side := 360 / float64(uint64(1)<<z) * tiles
	for i := range rows {
		rows[i] = randomRow(r, i, orb.Point{9, 30}, 0)
		rows[i].Point = orb.Point{9 + side*(r.Float64()-0.5), 30 + 0.8*side*(r.Float64()-0.5)}
	}
	return rows
}

func TestTilesAgreeWithClusteringWithoutBorders(t *testing.T) {
	for seed := range uint64(9) {
		r := rand.New(rand.NewPCG(seed, 1))
		z := geo.Zoom(4 + seed)
		n := []int{500, 2000, 8000}[seed%3]
		rows := crowd(r, n, z, 4)
		x, want := loaded(rows), reference(rows, z)
		got := 0
		for c := range tilesOf(rows, z) {
			for _, d := range decode(t, x.Tile(c, &Filter{}, Staff)) {
				got++
				if d.layer == "reports" {
					continue
				}
				id := uint64(d.Properties["id"].(float64))
				w := want[id]
				px, py, ok := inTile(c, w.Mean())
				if float64(w.Count()) != d.Properties["count"].(float64) || !ok ||
					(d.Point() != orb.Point{float64(px), float64(py)}) {
					t.Fatalf("seed %d, %v: cluster %v, want %d at %v", seed, c, d.Properties, w.Count(), w.Mean())
				}
			}
		}
		if got != len(want) {
			t.Fatalf("seed %d: %d features, want %d", seed, got, len(want))
		}
	}
}

// Bubbles are as wide as the merge radius: their middles stay apart. Where
// reports lie everywhere the means of neighbours may come a little closer.
func TestBubblesRarelyOverlap(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	z := geo.Zoom(10)
	rows := crowd(r, 30000, z, 4)
	var middles []geo.Position
	for _, c := range reference(rows, z) {
		middles = append(middles, c.Mean())
	}
	close, tight := 0, 0
	for i, p := range middles {
		least := math.Inf(1)
		for j, o := range middles {
			if i != j {
				least = min(least, math.Sqrt(float64(distance(p, o)))/float64(radius(z)))
			}
		}
		if least < 1 {
			close++
		}
		if least < 0.6 {
			tight++
		}
	}
	t.Logf("%d bubbles, %d nearer than 60 px, %d nearer than 36 px", len(middles), close, tight)
	if tight*50 > len(middles) {
		t.Errorf("%d of %d bubbles stand nearer than 36 px to another", tight, len(middles))
	}
}
