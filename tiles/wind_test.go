package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt/vectortile"

	"segnavia/geo"
)

// ringsOf reads the rings of a polygon feature off its commands as the vector tile
// specification 2.1, section 4.3, writes them, and gives twice the area of each.
func ringsOf(t *testing.T, commands []uint32) (areas []int64) {
	t.Helper()
	var x, y int64
	var ring [][2]int64
	signed := func(v uint32) int64 { return int64(int32(v>>1) ^ -int32(v&1)) }
	for i := 0; i < len(commands); {
		id, count := commands[i]&7, int(commands[i]>>3)
		i++
		switch id {
		case 1, 2:
			if id == 1 && (count != 1 || len(ring) > 0) {
				t.Fatalf("MoveTo of %d within a ring of %d", count, len(ring))
			}
			for range count {
				x, y = x+signed(commands[i]), y+signed(commands[i+1])
				i += 2
				if len(ring) > 0 && ring[len(ring)-1] == [2]int64{x, y} {
					t.Errorf("the point %d,%d stands twice", x, y)
				}
				ring = append(ring, [2]int64{x, y})
			}
		case 7:
			if len(ring) < 3 {
				t.Errorf("a ring of %d points", len(ring))
			}
			var sum int64
			for k, a := range ring {
				b := ring[(k+1)%len(ring)]
				sum += a[0]*b[1] - b[0]*a[1]
			}
			areas, ring = append(areas, sum), nil
		default:
			t.Fatalf("command %d", id)
		}
	}
	return areas
}

// star is a ring around a point, clockwise or not, of a shape of its own.
func star(rnd *rand.Rand, at orb.Point, radius float64, backwards bool) orb.Ring {
	n := 3 + rnd.IntN(40)
	var r orb.Ring
	for i := range n {
		angle, far := 2*math.Pi*float64(i)/float64(n), radius*(0.4+0.6*rnd.Float64())
		r = append(r, orb.Point{at[0] + far*math.Cos(angle), at[1] + far*math.Sin(angle)})
	}
	r = append(r, r[0])
	if backwards {
		slices.Reverse(r)
	}
	return r
}

// TestRingsWindAsTheSpecificationSays draws land of all sizes, wound either way, with
// and without holes, at every zoom, clipped and simplified.
func TestRingsWindAsTheSpecificationSays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(21, 4)) // #nosec G404 -- the same each time
	var features []Feature
	kinds := []string{"sea", "park", "district"}
	holes := map[string]int{}
	for i := range 60 {
		at := orb.Point{8.8 + 0.2*rnd.Float64(), 44.35 + 0.1*rnd.Float64()}
		size := math.Pow(10, -4+3*rnd.Float64())
		p := orb.Polygon{star(rnd, at, size, i%2 == 0)}
		if i%4 == 0 {
			p = append(p, star(rnd, at, size*0.3, i%8 == 0))
		}
		f := Feature{Kind: kinds[i%len(kinds)], Name: fmt.Sprint(i), Geometry: p}
		if i%5 == 0 {
			f.Geometry = orb.MultiPolygon{p, {star(rnd, orb.Point{at[0] + 3*size, at[1]}, size, i%2 == 1)}}
		}
		if i%7 == 0 {
			f.Geometry = p[0]
		}
		features = append(features, f)
	}
	flat := orb.Ring{{8.9, 44.4}, {8.91, 44.4}, {8.92, 44.4}, {8.9, 44.4}}
	features = append(features, Feature{Kind: "park", Name: "flat", Geometry: orb.Polygon{flat}})
	streets := NewStreets(features)
	seen := 0
	for z := geo.Zoom(0); z <= StreetsMaxZoom; z++ {
		for range 40 {
			c := geo.CellOf(geo.At(orb.Point{8.8 + 0.2*rnd.Float64(), 44.35 + 0.1*rnd.Float64()}), z)
			raw, err := streets.Tile(c)
			if err != nil {
				t.Fatal(err)
			}
			tile := new(vectortile.Tile)
			if err := tile.Unmarshal(raw); err != nil {
				t.Fatal(err)
			}
			for _, l := range tile.Layers {
				for _, f := range l.Features {
					if f.GetType() != vectortile.Tile_POLYGON {
						t.Errorf("%v: a %s", c, f.GetType())
						continue
					}
					areas := ringsOf(t, f.Geometry)
					if len(areas) == 0 || areas[0] <= 0 || slices.Contains(areas, 0) {
						t.Errorf("%v: twice the areas of a feature's rings: %v", c, areas)
					}
					for _, a := range areas {
						if a < 0 {
							holes[l.GetName()]++
						}
					}
					seen += len(areas)
				}
			}
		}
	}
	if seen < 1000 || len(holes) != len(kinds) {
		t.Errorf("%d rings, holes in %v", seen, holes)
	}
}
