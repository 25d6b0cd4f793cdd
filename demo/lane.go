package demo

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"sort"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"segnavia/civic"
)

// lane is a street along which things go wrong: its pieces and, for each, the
// metres up to its end.
type lane struct {
	name   string
	pieces [][2]orb.Point
	metres []float64
}

// lanes are the streets of a town that lie in one of its areas, with the
// running sum of their weights.
type lanes struct {
	list  []lane
	sums  []float64
	areas []region
}

// region is an area with its shape; share is how many reports a street there
// gets beside one elsewhere.
type region struct {
	id    civic.AreaID
	ring  orb.Ring
	share float64
}

// shares make the centre denser, by the Roman numbers of the municipi.
var shares = map[string]float64{
	"I": 3, "II": 1.8, "III": 1.7, "IV": 0.7, "V": 0.9, "VI": 1.2, "VII": 0.7, "VIII": 2, "IX": 0.8,
}

func lanesOf(b *civic.Blueprint) *lanes {
	all := &lanes{}
	for _, a := range b.Areas {
		var shape struct{ Coordinates []orb.Ring }
		if len(a.Shape) == 0 || json.Unmarshal(a.Shape, &shape) != nil || len(shape.Coordinates) == 0 {
			continue
		}
		share := shares[numeral(a.Name+" ")]
		if share == 0 {
			share = 1
		}
		all.areas = append(all.areas, region{a.ID, shape.Coordinates[0], share})
	}
	total := 0.0
	for _, f := range b.Features {
		if f.Kind != "street" || strings.HasPrefix(f.Name, "Autostrada") {
			continue
		}
		if l, weight := all.lane(f); weight > 0 {
			total += weight
			all.list = append(all.list, l)
			all.sums = append(all.sums, total)
		}
	}
	return all
}

// lane measures a street. Its weight grows with its length, less than in
// proportion: a long road out of town is mostly quiet.
func (a *lanes) lane(f civic.Feature) (lane, float64) {
	l := lane{name: f.Name}
	metres := 0.0
	for _, path := range paths(f.Shape) {
		for i := 1; i < len(path); i++ {
			if a.at(path[i]) < 0 {
				continue
			}
			metres += geo.Distance(path[i-1], path[i])
			l.pieces = append(l.pieces, [2]orb.Point{path[i-1], path[i]})
			l.metres = append(l.metres, metres)
		}
	}
	if metres < 20 {
		return l, 0
	}
	weight := math.Pow(metres, 0.7) * a.areas[a.at(l.pieces[0][1])].share
	return l, weight * [...]float64{1.3, 1, 0.7}[min(max(f.Class, 0), 2)]
}

// at is the position of the area that holds a point, or -1.
func (a *lanes) at(p orb.Point) int {
	for i := range a.areas {
		if planar.RingContains(a.areas[i].ring, p) {
			return i
		}
	}
	return -1
}

// spot is a place on a street: its house number and its area.
type spot struct {
	orb.Point
	street string
	number int
	area   civic.AreaID
}

// drift is how far, in degrees, a pin falls from the middle of a street: about
// ten metres. A drawn map has one street where the town has forty, so its pins
// stand for those around as well.
const (
	drift       = 0.00009
	drawnDrift  = 0.0006
	drawnAtMost = 500
)

// spot draws a place; a town without streets has none.
func (a *lanes) spot(r *rand.Rand) (spot, bool) {
	if len(a.list) == 0 {
		return spot{}, false
	}
	l := &a.list[min(sort.SearchFloat64s(a.sums, r.Float64()*a.sums[len(a.sums)-1]), len(a.list)-1)]
	along := r.Float64() * l.metres[len(l.metres)-1]
	i := min(sort.SearchFloat64s(l.metres, along), len(l.pieces)-1)
	from, to := l.pieces[i][0], l.pieces[i][1]
	start := 0.0
	if i > 0 {
		start = l.metres[i-1]
	}
	wide := drift
	if len(a.list) <= drawnAtMost {
		wide = drawnDrift
	}
	part := (along - start) / (l.metres[i] - start)
	p := orb.Point{
		from[0] + part*(to[0]-from[0]) + wide*r.NormFloat64(),
		from[1] + part*(to[1]-from[1]) + wide*r.NormFloat64(),
	}
	in := a.at(p)
	if in < 0 {
		p = to // the end of a piece is known to lie in an area
		in = a.at(p)
	}
	return spot{p, l.name, 1 + 2*int(along/18) + r.IntN(2), a.areas[in].id}, true
}
