package civic_test

import (
	"math"
	"testing"

	"segnavia/civic"
)

func TestARefusedPlaceIsToldWithItsGuess(t *testing.T) {
	rules := &civic.Rules{Locate: func(p civic.Position) (civic.AreaID, bool) {
		return civic.AreaID{}, p.Lon > 8.8 && p.Lon < 9 && p.Lat > 44.3 && p.Lat < 44.5
	}}
	outside, invalid := civic.Refuse(civic.CodeOutsideTown), civic.Refuse(civic.CodeInvalid, "field", "location")
	for _, c := range []struct {
		e        *civic.Error
		lon, lat float64
		guess    any
	}{
		{outside, 44.4, 8.9, civic.GuessSwapped},
		{outside, 12.5, 41.9, civic.GuessFar},
		{invalid, 8.9, 144.4, civic.GuessSwapped},
		{invalid, 493530, 4918120, civic.GuessProjected},
		{invalid, 500, 444, civic.GuessNone},
		{invalid, math.NaN(), 44, nil},
		{civic.Refuse(civic.CodeInvalid, "field", "email"), 44.4, 8.9, nil},
		{civic.Refuse(civic.CodeForbidden), 44.4, 8.9, nil},
	} {
		e := rules.Misplaced(c.e, &c.lon, &c.lat)
		if e.Code != c.e.Code || e.Args["guess"] != c.guess || e.Args["field"] != c.e.Args["field"] || c.guess != nil && e.Args["lat"] != c.lat {
			t.Errorf("%s at %v %v: %s %v", c.e.Code, c.lon, c.lat, e.Code, e.Args)
		}
	}
	if e := rules.Misplaced(outside, nil, nil); e != outside {
		t.Errorf("no place: %v", e.Args)
	}
}
