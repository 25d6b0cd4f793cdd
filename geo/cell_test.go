package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestEveryCellOfTheFirstZoomsRoundTrips(t *testing.T) {
	for z := Zoom(0); z <= 6; z++ {
		next := uint64(0)
		for k := uint64(0); k < 1<<(2*uint(z)); k++ {
			c := CellNumbered(1<<(2*uint(z)) | k)
			r := c.Range()
			if !c.Valid() || c.Number() != 1<<(2*uint(z))|k {
				t.Fatalf("%v: number %d", c, c.Number())
			}
			if uint64(r.First) != next {
				t.Fatalf("%v starts at %x, not %x", c, r.First, next)
			}
			next = uint64(r.Last) + 1
			if r.First != c.Min().Key() || r.Last != c.Max().Key() {
				t.Fatalf("%v: corners and range differ", c)
			}
			for _, p := range []Position{c.Min(), c.Max()} {
				if CellOf(p, z) != c || !c.Contains(p) {
					t.Fatalf("%v does not hold its corner %v", c, p)
				}
			}
			if got := CellOf(At(c.Bound().Center()), z); got != c {
				t.Fatalf("the centre of %v lies in %v", c, got)
			}
			if z > 0 && c.Parent(z-1).Range().First > r.First {
				t.Fatalf("%v is not in its parent", c)
			}
		}
		if next != 0 && z > 0 || z == 0 && next != 0 {
			t.Fatalf("zoom %d ends at %x", z, next)
		}
	}
}

func TestTheEdgesOfTheWorldAreClamped(t *testing.T) {
	const last = math.MaxUint32
	for _, c := range []struct {
		point orb.Point
		want  Position
	}{
		{orb.Point{180, 0}, Position{last, 1 << 31}},
		{orb.Point{-180, MaxLatitude}, Position{0, 0}},
		{orb.Point{181, -90}, Position{last, last}},
		{orb.Point{-1e300, 90}, Position{0, 0}},
		{orb.Point{math.NaN(), math.NaN()}, Position{0, 0}},
		{orb.Point{math.Inf(1), math.Inf(-1)}, Position{last, last}},
	} {
		if got := At(c.point); got != c.want {
			t.Errorf("At(%v) = %v, want %v", c.point, got, c.want)
		}
	}
}

func TestPositionsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Position{rapid.Uint32().Draw(t, "x"), rapid.Uint32().Draw(t, "y")}
		if got := p.Key().Position(); got != p {
			t.Fatalf("key of %v comes back as %v", p, got)
		}
		got := At(p.Point())
		if dx, dy := int64(got.X)-int64(p.X), int64(got.Y)-int64(p.Y); dx*dx > 1 || dy*dy > 1 {
			t.Fatalf("%v comes back as %v", p, got)
		}
		z := Zoom(rapid.IntRange(0, 32).Draw(t, "zoom"))
		if c := CellOf(p, z); !c.Range().Contains(p.Key()) || !c.Valid() {
			t.Fatalf("%v is not in its cell %v", p, c)
		}
	})
}
