package tiles

import (
	"github.com/google/uuid"

	"segnavia/geo"
)

// What anybody may see of a single report is less than what the office sees: an
// id that stands for the report's and cannot be turned back into it (whoever
// knows the real one may be who made the report), the day and not the hour, and
// the place on the street and not the door. The index is ordered and counted by
// that place, so that no tile, count or cluster of anybody's knows another.

// publicSpace names the ids that stand for others (RFC 9562, version 5).
var publicSpace = uuid.MustParse("5f0b0d1e-8a52-5c1c-9d5d-6f0f3c4f2a11")

// PublicID is the id that the public tiles give a report.
func PublicID(id [16]byte) uuid.UUID { return uuid.NewSHA1(publicSpace, id[:]) }

// placeOf is where a report is drawn: for anybody where its key says, which is the
// point of the street; for the office where it lies, if that is in the tile.
func (c *canvas) placeOf(tile geo.Cell, e *geo.Entry) (x, y uint32, ok bool) {
	if !c.public {
		if x, y, ok := inTile(tile, e.Exact()); ok {
			return x, y, true
		}
	}
	return inTile(tile, e.Key.Position())
}
