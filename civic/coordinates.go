package civic

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// nothing are the words that tables write for a value that is not there.
var nothing = []string{
	"null", "n.d.", "n.d", "nd", "n/d", "#n/d", "n.a.", "na", "n/a", "#n/a", "nan", "none", "nil", "-", "--", "—", "–", "?",
	"non disponibile", "non definito", "nessuno", "nessuna",
}

// IsNothing reports whether a text only says that there is none: it is empty, or
// one of the words that tables write for that, such as "NULL", "n.d." and "-".
func IsNothing(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return s == "" || slices.Contains(nothing, s)
}

// realNumber is a decimal number with a point or a comma, and nothing beside it.
var realNumber = regexp.MustCompile(`^[+-]?[0-9]{1,15}([.,][0-9]{0,20})?([eE][+-]?[0-9]{1,2})?$`)

// ParseReal reads a whole text as a decimal number with a point or a comma. ok is
// false for anything else: a prefix of a number is none, nor are NaN, infinities
// and hexadecimals.
func ParseReal(s string) (v float64, ok bool) {
	s = strings.TrimSpace(s)
	if !realNumber.MatchString(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// NearDegrees is how far outside the town's bounds a pin, a street or a house number
// may lie and still be the town's to deal with: about 20 km.
const NearDegrees = 0.2

// Bounds is a box of WGS 84: west, south, east, north. The zero Bounds is none.
type Bounds [4]float64

// Around is the bounds widened by degrees on each side.
func (b Bounds) Around(degrees float64) Bounds {
	return Bounds{b[0] - degrees, b[1] - degrees, b[2] + degrees, b[3] + degrees}
}

// Holds reports whether a point lies within the bounds; none hold everything that
// lies on the globe.
func (b Bounds) Holds(x, y float64) bool {
	if !(math.Abs(x) <= 180) || !(math.Abs(y) <= 90) {
		return false
	}
	return b == Bounds{} || x >= b[0] && x <= b[2] && y >= b[1] && y <= b[3]
}

// What GuessOf takes coordinates for.
const (
	GuessSwapped   = "swapped"   // latitude first
	GuessProjected = "projected" // metres of a reference system that was not declared
	GuessScaled    = "scaled"    // the decimal point is missing
	GuessFar       = "far"       // degrees, but of somewhere else
	GuessNone      = "unknown"
)

// GuessOf says what coordinates that do not lie within the bounds seem to be, and
// for "projected" the reference system that they may be in, such as "EPSG:32632",
// or "". It is for telling a person; nobody acts on a guess.
func GuessOf(x, y float64, near Bounds) (guess, system string) {
	degrees := Bounds{}
	switch {
	case math.IsNaN(x+y) || math.IsInf(x+y, 0):
		return GuessNone, ""
	case (near != Bounds{}) && near.Holds(y, x) && !near.Holds(x, y):
		return GuessSwapped, ""
	case !degrees.Holds(x, y) && degrees.Holds(y, x):
		return GuessSwapped, ""
	case degrees.Holds(x, y):
		return GuessFar, ""
	}
	if system, ok := Projected(x, y); ok {
		return GuessProjected, system
	}
	if (near != Bounds{}) {
		for scale := 10.0; scale <= 1e8; scale *= 10 {
			if near.Holds(x/scale, y/scale) {
				return GuessScaled, ""
			}
		}
	}
	if math.Abs(x) > 1000 && math.Abs(y) > 1000 && math.Abs(x) < 2.1e7 && math.Abs(y) < 2.1e7 {
		return GuessProjected, ""
	}
	return GuessNone, ""
}

// Projected names the reference system of projected coordinates whose size only one
// of those used in Italy has. Source: the EPSG registry's areas of use.
func Projected(x, y float64) (system string, ok bool) {
	inside := func(v, from, to float64) bool { return v >= from && v <= to }
	switch {
	case inside(y, 3.9e6, 5.3e6) && inside(x, 1.2e6, 1.9e6):
		return "EPSG:3003", true // Monte Mario / Italy zone 1
	case inside(y, 3.9e6, 5.3e6) && inside(x, 2.2e6, 3.1e6):
		return "EPSG:3004", true // Monte Mario / Italy zone 2
	case inside(y, 3.9e6, 5.3e6) && inside(x, 1e5, 9e5):
		return "EPSG:32632", true // UTM zone 32N (33 in the east)
	case inside(y, 4.2e6, 6.1e6) && inside(x, 7e5, 2.1e6):
		return "EPSG:3857", true // the web's Mercator
	}
	return "", false
}
