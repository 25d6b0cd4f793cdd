package server

import (
	"context"
	"net/http"

	"segnavia/civic"
)

// similarShown is how many reports are shown before somebody writes.
const similarShown = 5

// similarTo are open public reports near a place: those of one service, or of
// all where service is zero.
func (s *Server) similarTo(ctx context.Context, rq *request, at civic.Position, metres float64, service civic.ServiceID) ([]cardView, error) {
	reports, err := s.Store.Nearby(ctx, rq.j(), at, metres, 4*similarShown)
	if err != nil {
		return nil, err
	}
	kept := reports[:0]
	for i := range reports {
		if (service.IsZero() || reports[i].Service == service) && len(kept) < similarShown {
			kept = append(kept, reports[i])
		}
	}
	return s.cards(rq, s.publicOnes(rq, kept)), nil
}

// showNear is the form with what is known near the place that was given. It is
// for browsers without script; the others show it by themselves.
func (s *Server) showNear(w http.ResponseWriter, r *http.Request, rq *request, f *form) error {
	if !s.limits.allow(limitSearch, rq.place) {
		return civic.Refuse("too_fast")
	}
	metres := float64(nearMetres)
	lon, lat, ok := position(f)
	if address := f.text("address"); !ok && address != "" {
		found, known, err := s.place(r.Context(), rq, address)
		if err != nil {
			return err
		}
		if lon, lat, ok = found.Lon, found.Lat, known; found.Door() == "" {
			metres = streetMetres
		}
		f.readBack = s.placeLabel(rq.lang, &found)
	}
	if !ok {
		f.wrong("address", "address", s.Words.T(rq.lang, "page.error.near", nil))
		return s.showForm(w, r, rq, http.StatusUnprocessableEntity, f, false)
	}
	var err error
	if f.similar, err = s.similarTo(r.Context(), rq, civic.Position{Lon: lon, Lat: lat}, metres, civic.ServiceID{}); err != nil {
		return err
	}
	f.seen = true
	f.step = s.Words.T(rq.lang, "page.report.step.near", nil)
	if len(f.similar) == 0 {
		f.step = s.Words.T(rq.lang, "page.report.step.none", nil)
	}
	return s.showForm(w, r, rq, http.StatusOK, f, false)
}

// outside reports whether a place lies in another town: nobody is asked more
// about it.
func (s *Server) outside(ctx context.Context, rq *request, args *civic.CreateArgs) (bool, error) {
	rules, err := s.Store.Rules(ctx, rq.j())
	if err != nil || args.Lon == nil || rules.Locate == nil {
		return false, err
	}
	_, known := rules.Locate(civic.Position{Lon: *args.Lon, Lat: *args.Lat})
	return !known, nil
}

// abroadDegrees is how far from a district a position is still taken for the town's:
// about 500 m, for piers, borders and what a phone's position is off by.
const abroadDegrees = 0.005

// abroad reports whether a position lies in none of the town's districts nor close to
// one. A town without districts has no outside.
func (s *Server) abroad(ctx context.Context, rq *request, p civic.Position) (bool, error) {
	rules, err := s.Store.Rules(ctx, rq.j())
	if err != nil || rules.Locate == nil {
		return false, err
	}
	districts := make(map[civic.AreaID]bool)
	for _, a := range rq.town.Areas {
		if !a.Outside {
			districts[a.ID] = true
		}
	}
	for x := -1.0; x <= 1; x++ {
		for y := -1.0; y <= 1; y++ {
			area, _ := rules.Locate(civic.Position{Lon: p.Lon + x*abroadDegrees, Lat: p.Lat + y*abroadDegrees})
			if districts[area] {
				return false, nil
			}
		}
	}
	return len(districts) > 0, nil
}

// wrongPlace asks for the place again.
func (s *Server) wrongPlace(rq *request, f *form) {
	f.Del("lon")
	f.Del("lat")
	f.wrong("address", "address", s.Words.T(rq.lang, "page.error.outside", nil))
}

// nextStep finds out whether something is still to be shown before a report is
// taken: questions that nobody has seen, or the same thing said already. A
// script, which mints the report's id, has shown the second itself.
func (s *Server) nextStep(ctx context.Context, rq *request, f *form, args *civic.CreateArgs) error {
	service := s.serviceOf(rq, args.Service)
	if outside, err := s.outside(ctx, rq, args); err != nil || outside {
		if outside {
			s.wrongPlace(rq, f)
		}
		return err
	}
	if asks(service) && f.text("asked") != service.Code {
		f.step = s.Words.T(rq.lang, "page.report.step.questions", nil)
	}
	if f.text("id") != "" || f.text("seen") != "" || args.Lon == nil || service.Public == civic.PublishNever {
		return nil
	}
	var err error
	f.similar, err = s.similarTo(ctx, rq, civic.Position{Lon: *args.Lon, Lat: *args.Lat}, nearMetres, service.ID)
	if err == nil && len(f.similar) > 0 {
		f.seen = true
		f.step = s.Words.T(rq.lang, "page.report.step.similar", nil)
	}
	return err
}
