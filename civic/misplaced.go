package civic

import "math"

// Misplaced adds to the refusal of a place what was sent and what it seems to be: args
// lon, lat, and guess as GuessOf says it. Other refusals stay as they are. It is for
// telling whoever sent it; nobody acts on a guess.
func (r *Rules) Misplaced(e *Error, lon, lat *float64) *Error {
	field, _ := e.Args["field"].(string)
	if e.Code != CodeOutsideTown && (e.Code != CodeInvalid || field != "location") || lon == nil || lat == nil || math.IsNaN(*lon+*lat) || math.IsInf(*lon+*lat, 0) {
		return e
	}
	args := map[string]any{"lon": *lon, "lat": *lat, "guess": r.guess(*lon, *lat)}
	for k, v := range e.Args {
		args[k] = v
	}
	return &Error{Code: e.Code, Args: args}
}

func (r *Rules) guess(lon, lat float64) string {
	turned := Position{Lon: lat, Lat: lon}
	if r.Locate != nil && (Bounds{}).Holds(turned.Lon, turned.Lat) {
		if _, ours := r.Locate(turned); ours {
			return GuessSwapped
		}
	}
	guess, _ := GuessOf(lon, lat, Bounds{})
	return guess
}
