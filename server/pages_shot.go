package server

import (
	"context"
	"strconv"
	"strings"

	"segnavia/civic"
)

// shotView offers the place where a photo was taken, to who has no script.
type shotView struct {
	At, Place string // "lon,lat", and as a person would say it
	Yes       bool
	Outside   bool // in another town: nothing is offered, and it is said
}

// noteShot keeps in the form where a photo was taken whose bytes came with it.
// One that came before is not asked: its hash alone must not tell a place.
func (f *form) noteShot(p civic.StoredPhoto) {
	if p.Lon != nil && p.Lat != nil && f.Get("shot") == "" {
		f.Set("shot", strconv.FormatFloat(*p.Lon, 'f', 6, 64)+","+strconv.FormatFloat(*p.Lat, 'f', 6, 64))
	}
}

// shot reads that place back.
func (f *form) shot() (civic.Position, bool) {
	lon, lat, _ := strings.Cut(f.text("shot"), ",")
	return parsePosition(lon, lat)
}

// acceptShot takes the photo's place for the report's, where its sender says so
// and named no other.
func (f *form) acceptShot() {
	p, ok := f.shot()
	if _, _, placed := position(f); placed || !ok || f.text("address") != "" || f.Get("shot-yes") != "yes" {
		return
	}
	f.Set("lon", strconv.FormatFloat(p.Lon, 'f', 6, 64))
	f.Set("lat", strconv.FormatFloat(p.Lat, 'f', 6, 64))
}

// shotView is what to offer; nothing once there is a place, or where the photo's
// is none of the town's.
func (s *Server) shotView(ctx context.Context, rq *request, f *form) (*shotView, error) {
	p, ok := f.shot()
	if _, _, placed := position(f); placed || !ok || f.text("address") != "" {
		return nil, nil //nolint:nilnil // nothing to offer is no fault
	}
	abroad, err := s.abroad(ctx, rq, p)
	if err != nil || abroad {
		return &shotView{At: f.text("shot"), Outside: abroad}, err
	}
	near, err := s.Store.PlaceAt(ctx, rq.j(), p)
	if label := s.placeLabel(rq.lang, &near); err == nil && label != "" {
		return &shotView{At: f.text("shot"), Place: label, Yes: f.Get("shot-yes") == "yes"}, nil
	}
	return nil, err
}
