package tiles

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"segnavia/civic"
	"segnavia/geo"
)

// fields is an entry taken apart while a body is merged into it.
type fields struct {
	state   geo.State
	public  bool
	channel geo.Channel
	service geo.Service
	team    geo.Team
	code    uint32
	created geo.Instant

	at, spot geo.Position // where it lies, and where anybody is told so
	point    orb.Point
	told     orb.Point
	lon, lat bool // the body has them
	moved    bool // the body has a spot
}

func fieldsOf(e *geo.Entry) fields {
	a := e.Attributes
	return fields{
		state: a.State(), public: a.Public(), channel: a.Channel(), service: a.Service(),
		team: a.Team(), code: e.Code, created: e.Created,
		at: e.Exact(), spot: e.Key.Position(), point: e.Exact().Point(),
	}
}

// merge merges a body, whole or an RFC 7396 patch of it, into the fields.
// Members that the index does not use are skipped; null removes a team.
func (f *fields) merge(d *author, body []byte) error {
	return scan(body, func(m member) error {
		if err := f.set(d, m); err != nil {
			return fmt.Errorf("%s: %w", m.key, err)
		}
		return nil
	})
}

func (f *fields) set(d *author, m member) error {
	switch m.key {
	case "lon", "lat":
		v, err := strconv.ParseFloat(string(m.value), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return errNumber
		}
		if m.key == "lon" {
			f.point[0], f.lon = v, true
		} else {
			f.point[1], f.lat = v, true
		}
	case "spot":
		var spot [2]float64
		if json.Unmarshal(m.value, &spot) != nil {
			return errNumber
		}
		f.told, f.moved = spot, true
	case "visible":
		f.public = string(m.value) == "true"
	case "code", "status", "channel", "created", "service", "team":
		return f.setText(d, m)
	}
	return nil
}

func (f *fields) setText(d *author, m member) error {
	s := ""
	if string(m.value) != "null" {
		var err error
		if s, err = text(m.value); err != nil {
			return err
		}
	}
	switch m.key {
	case "code":
		f.code = d.codeOf(s)
	case "status":
		f.state, _ = statusOf(s)
	case "channel":
		f.channel, _ = channelOf(s)
	case "created":
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return err
		}
		f.created = geo.InstantOf(t)
	default:
		id, err := idOf(s)
		if err != nil {
			return err
		}
		if m.key == "team" {
			f.team = d.teamOf(id)
		} else {
			f.service = d.serviceOf(id)
		}
	}
	return nil
}

func idOf(s string) (uuid.UUID, error) {
	if s == "" {
		return uuid.Nil, nil
	}
	return uuid.Parse(s)
}

// entry packs the fields again; day is that of created in the town.
func (f *fields) entry(old geo.Entry, area geo.Area, rev int64, day geo.Day) geo.Entry {
	e := old
	f.place()
	e.Key, e.Aside = f.spot.Key(), geo.AsideOf(f.spot, f.at)
	e.Code, e.Created, e.Rev = f.code, f.created, uint32(rev)
	e.Attributes = geo.Pack(f.state, f.public, f.channel, f.service, f.team, area, day)
	return e
}

// place takes over the places that the body has. A body without a spot is an
// older program's: what lies far from its old spot is told on the grid.
func (f *fields) place() {
	if f.lon || f.lat {
		f.at = geo.At(f.point)
	}
	switch {
	case f.moved:
		f.spot = geo.At(f.told)
	case (f.lon || f.lat) && f.at != f.spot && geo.AsideOf(f.spot, f.at) == (geo.Aside{}):
		spot := civic.OnGrid(civic.Position{Lon: f.point.Lon(), Lat: f.point.Lat()})
		f.spot = geo.At(orb.Point{spot.Lon, spot.Lat})
	}
}
