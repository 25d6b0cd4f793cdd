package geo

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// What a sieve keeps is what reading every report finds, as reports come, go and
// change, and for a reader who still holds an older snapshot.
func TestASieveAgreesWithReadingEveryReport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		model := map[ID]Entry{}
		var known []Entry
		x := NewIndex()
		batch(r, x, model, &known, rapid.SampledFrom([]int{1, 300, 300, 300, 300, 300, 3000, 40_000}).Draw(t, "built"))
		filters := []Filter{randomFilter(r), randomFilter(r), {}}
		var sieves []*Sieve
		for i := range filters {
			sieves = append(sieves, NewSieve(&filters[i]))
		}
		held := x.Snapshot()
		for range 4 {
			for i, v := range sieves {
				sift(t, r, v, &filters[i], x.Snapshot())
				sift(t, r, v, &filters[i], held)
			}
			held = x.Snapshot()
			batch(r, x, model, &known, rapid.SampledFrom([]int{1, 1, 30, 900}).Draw(t, "size"))
		}
	})
}

func sift(t *rapid.T, r *rand.Rand, v *Sieve, f *Filter, s *Snapshot) {
	q := f.Query()
	for range 8 {
		z := Zoom(r.IntN(int(SieveZoom) + 1))
		c := CellOf(Position{1<<31 + r.Uint32N(1<<20), 1<<31 - r.Uint32N(1<<20)}, z)
		grid := min(SieveZoom, z+Zoom(r.IntN(5)))
		got := Tally{Box: EmptyBox()}
		last := Key(0)
		v.Each(s, c.Range(), grid, func(first Key, part *Tally) {
			if !c.Range().Contains(first) || first < last {
				t.Fatalf("%v: key %x after %x", c, first, last)
			}
			last = first
			got.Add(part)
		})
		want := s.Tally(c, &q)
		if got.Open != want.Open || got.Closed != want.Closed || got.SumX != want.SumX || got.SumY != want.SumY {
			t.Fatalf("%v of %d reports with %+v: %+v, want %+v", c, s.Len(), f, got, want)
		}
	}
}
