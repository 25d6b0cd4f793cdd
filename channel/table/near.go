package table

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"segnavia/civic"
)

// zones are where the towns of a time zone lie, when nothing else says where a town
// is.
var zones = map[string]civic.Bounds{"Europe/Rome": {6.5, 35.2, 18.7, 47.2}}

// surroundings is where places of the table may lie: around the areas, else around
// the middle of most of them.
func (t *Table) surroundings() (civic.Bounds, error) {
	if b := boundsOf(t.with.Areas); b != (civic.Bounds{}) {
		return b.Around(civic.NearDegrees), nil
	}
	country := zones[t.m.Town.Zone]
	var xs, ys []float64
	for batch := range t.batches() {
		if err := t.project(batch); err != nil {
			return country, err
		}
		for i := range batch {
			if p := batch[i].Position; p != nil && country.Holds(p.Lon, p.Lat) && len(xs) < 1e6 {
				xs, ys = append(xs, p.Lon), append(ys, p.Lat)
			}
		}
	}
	if len(xs) < 3 {
		return country, nil
	}
	west, east := most(xs)
	south, north := most(ys)
	return civic.Bounds{west, south, east, north}, nil
}

// most is between which numbers most of them lie, with room: half a degree, and
// twelve times the middle distance from the middle.
func most(numbers []float64) (least, greatest float64) {
	slices.Sort(numbers)
	middle := numbers[len(numbers)/2]
	apart := make([]float64, len(numbers))
	for i, v := range numbers {
		apart[i] = math.Abs(v - middle)
	}
	slices.Sort(apart)
	reach := 0.5 + 12*apart[len(apart)/2]
	return middle - reach, middle + reach
}

// boundsOf is the box of areas; the zero Bounds without any.
func boundsOf(areas []civic.ShapedArea) civic.Bounds {
	b := civic.Bounds{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, a := range areas {
		var s shape
		if json.Unmarshal(a.Shape, &s) != nil {
			continue
		}
		list, _, _ := s.polygons(0) // none of what is no shape
		for _, p := range list {
			for _, ring := range p {
				for _, c := range ring {
					b = civic.Bounds{min(b[0], c[0]), min(b[1], c[1]), max(b[2], c[0]), max(b[3], c[1])}
				}
			}
		}
	}
	if b[0] > b[2] {
		return civic.Bounds{}
	}
	return b
}

// project turns the places of a batch into WGS 84.
func (t *Table) project(batch []draft) error {
	if !t.m.Projected() {
		return nil
	}
	var at []civic.Position
	for i := range batch {
		if batch[i].Position != nil {
			at = append(at, *batch[i].Position)
		}
	}
	if err := t.with.Project.toWGS84(t.m.EPSG, at); err != nil {
		return err
	}
	for i := range batch {
		if batch[i].Position != nil {
			*batch[i].Position = at[0]
			at = at[1:]
		}
	}
	return nil
}

// misplaced says why a row's place cannot be one of the town's, with the value and
// what it seems to be.
func (t *Table) misplaced(r *draft) (why string) {
	if r.Position == nil || t.near.Holds(r.Position.Lon, r.Position.Lat) {
		return ""
	}
	return Misplaced(r.x, r.y, t.m.EPSG, t.near)
}

// Misplaced says in a sentence what coordinates that lie nowhere near the town seem
// to be. epsg is the system in which they were read.
func Misplaced(x, y float64, epsg int, near civic.Bounds) string {
	if epsg == wgs84 {
		return noPlace(x, y, near)
	}
	_, swapped := civic.Projected(y, x)
	switch {
	case near.Holds(x, y):
		return fmt.Sprintf("%s, %s is no place of EPSG:%d: longitude and latitude already?", told(x), told(y), epsg)
	case swapped:
		return fmt.Sprintf("%s, %s is no place of EPSG:%d: x and y seem to have changed places", told(x), told(y), epsg)
	default:
		return fmt.Sprintf("%s, %s is far from the town when read in EPSG:%d: another reference system?", told(x), told(y), epsg)
	}
}

// noPlace is Misplaced for longitude and latitude.
func noPlace(x, y float64, near civic.Bounds) string {
	guess, system := civic.GuessOf(x, y, near)
	switch {
	case guess == civic.GuessSwapped:
		return fmt.Sprintf("no such place: %s, %s: longitude and latitude seem to have changed places", told(x), told(y))
	case system != "":
		return fmt.Sprintf("no such place: %s, %s: metres, perhaps of %s? declare the system as epsg", told(x), told(y), system)
	case guess == civic.GuessProjected:
		return fmt.Sprintf("no such place: %s, %s: metres of a reference system? declare it as epsg", told(x), told(y))
	case guess == civic.GuessScaled:
		return fmt.Sprintf("no such place: %s, %s: the decimal point seems to be missing", told(x), told(y))
	case guess == civic.GuessFar:
		return fmt.Sprintf("%s, %s is far from the town", told(x), told(y))
	}
	return fmt.Sprintf("no such place: %s, %s", told(x), told(y))
}

// told is a number as somebody wrote it, without an exponent.
func told(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
