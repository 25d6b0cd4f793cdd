package civic

import (
	"encoding/json"
	"math"
)

// Spot is where anybody is told that a case is: the nearest point of the town's
// street and the street's name. Street is empty where the gazetteer knows none
// near; the point is then the place itself on a grid of about eleven metres.
//
// Way is the street that somebody named, by a name or an address: it stays the one
// that is shown. It is zero where the street is only the nearest, or a house
// number's.
type Spot struct {
	Position
	Street string `json:"street,omitempty"`
	Way    WayID  `json:"-"`
}

// spotGrid is the grid of public places without a street, in steps to a degree:
// about 11 m of latitude.
const spotGrid = 1e4

// Rounded is the position to seven decimals, a centimetre: no pin knows more.
func (p Position) Rounded() Position {
	return Position{Lon: math.Round(p.Lon*1e7) / 1e7, Lat: math.Round(p.Lat*1e7) / 1e7}
}

// OnGrid is the spot of a place near which no street is known.
func OnGrid(p Position) Spot {
	return Spot{Position: Position{
		Lon: math.Round(p.Lon*spotGrid) / spotGrid, Lat: math.Round(p.Lat*spotGrid) / spotGrid,
	}}
}

// PublicSpot is where anybody is told that the case is; the zero Spot for a case
// without a place. Until the gazetteer has been asked it is on the grid.
func (r *Report) PublicSpot() Spot {
	switch {
	case r.Position == nil:
		return Spot{}
	case r.Spot == nil:
		return OnGrid(*r.Position)
	default:
		return *r.Spot
	}
}

// Place is where an edit puts its report, if it gives it a place: of that place
// the gazetteer's Spot is asked before the edit is decided.
func (e *Edit) Place() (p Position, ok bool) {
	if e.Kind != KindCreate && e.Kind != KindSet {
		return p, false
	}
	type place struct{ Lon, Lat *float64 }
	var args struct {
		place
		Field Field
		Value json.RawMessage
	}
	if json.Unmarshal(e.Args, &args) != nil {
		return p, false
	}
	at := args.place
	if e.Kind == KindSet && (args.Field != FieldLocation || json.Unmarshal(args.Value, &at) != nil) {
		return p, false
	}
	if at.Lon == nil || at.Lat == nil || !(math.Abs(*at.Lon) <= 180) || !(math.Abs(*at.Lat) <= 90) {
		return p, false
	}
	return Position{Lon: *at.Lon, Lat: *at.Lat}, true
}

// StreetNamed is how the street of an edit's place was named: by the address of a new
// report, or by the street that an operator chose on the map. It is empty where a
// place is only a point.
func (e *Edit) StreetNamed() string {
	var args struct {
		Address string
		Value   json.RawMessage
	}
	if _, ok := e.Place(); !ok || json.Unmarshal(e.Args, &args) != nil {
		return ""
	}
	if e.Kind == KindCreate {
		return args.Address
	}
	var value struct{ Street string }
	if json.Unmarshal(args.Value, &value) != nil {
		return ""
	}
	return value.Street
}

// Readdressed is what an edit writes as its report's address, if it changes that alone:
// the gazetteer is asked again about the place that the report has.
func (e *Edit) Readdressed() (address string, ok bool) {
	var args struct {
		Field Field
		Value *string
	}
	if e.Kind != KindSet || json.Unmarshal(e.Args, &args) != nil || args.Field != FieldAddress || args.Value == nil {
		return "", false
	}
	return *args.Value, true
}

// moveSpot takes over what the gazetteer says now of where the case is.
func (c *change) moveSpot() Result {
	spot := c.edit.Minted.Spot
	if c.r.Position == nil || spot == nil || c.r.Spot != nil && *c.r.Spot == *spot {
		return merged()
	}
	c.r.Spot = spot
	return applied()
}
