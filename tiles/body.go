package tiles

import (
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"segnavia/geo"
)

// Body is the projection of a report in the scope of its area. What the index
// does not use (priority, closed) is left out.
type Body struct {
	Code    string // prefix letters and 8 digits
	Service uuid.UUID
	Status  string
	Team    uuid.UUID // Nil when unassigned
	Channel string
	Created time.Time
	Point   orb.Point // degrees, longitude first
	Spot    orb.Point // where anybody is told that it is; Point counts when it is zero
	Visible bool      // the public may see it
}

// Row is one report as the database has it.
type Row struct {
	Area uuid.UUID
	ID   uuid.UUID
	Rev  int64 // counts the report's changes from 1
	Body
}

// entry packs the row. A status not known counts as new, a channel not known
// as none.
func (d *author) entry(r *Row) geo.Entry {
	state, _ := statusOf(r.Status)
	channel, _ := channelOf(r.Channel)
	created := geo.InstantOf(r.Created)
	spot := r.Point
	if r.Spot != (orb.Point{}) {
		spot = r.Spot
	}
	at := geo.At(spot)
	return geo.Entry{
		ID: geo.ID(r.ID), Key: at.Key(), Aside: geo.AsideOf(at, geo.At(r.Point)), Code: d.codeOf(r.Code),
		Created: created, Rev: uint32(r.Rev),
		Attributes: geo.Pack(state, r.Visible, channel, d.serviceOf(r.Service),
			d.teamOf(r.Team), d.areaOf(r.Area), d.dayOf(created)),
	}
}
