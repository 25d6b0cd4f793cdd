package tiles

import (
	"math"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"segnavia/geo"
)

// What anybody may see of a single report is less than what the office sees: an
// id that stands for the report's and cannot be turned back into it (whoever
// knows the real one may be who made the report), the day and not the hour, and
// the place to about ten metres, a street and not a door.

// publicSpace names the ids that stand for others (RFC 9562, version 5).
var publicSpace = uuid.MustParse("5f0b0d1e-8a52-5c1c-9d5d-6f0f3c4f2a11")

// PublicID is the id that the public tiles give a report.
func PublicID(id [16]byte) uuid.UUID { return uuid.NewSHA1(publicSpace, id[:]) }

// placeGrid is the grid of public places, in steps to a degree: about 11 m.
const placeGrid = 1e4

// snapped is a place on the public grid.
func snapped(p geo.Position) geo.Position {
	at := p.Point()
	return geo.At(orb.Point{math.Round(at.Lon()*placeGrid) / placeGrid, math.Round(at.Lat()*placeGrid) / placeGrid})
}

// publicPlace is where a report is drawn for anybody: on the grid, but within
// the tile that counts it.
func publicPlace(tile geo.Cell, p geo.Position) (x, y uint32) {
	if x, y, ok := inTile(tile, snapped(p)); ok {
		return x, y
	}
	x, y, _ = inTile(tile, p)
	return x, y
}
