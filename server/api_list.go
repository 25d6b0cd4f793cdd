package server

import (
	"context"
	"errors"
	"slices"

	"segnavia/civic"
)

func (s *Server) listReports(ctx context.Context, rq *request, in *listInput) (*struct{ Body listBody }, error) {
	f, err := s.publicFilter(ctx, rq, in)
	if err != nil {
		return nil, err
	}
	reports, next, err := s.publicList(ctx, rq, f)
	return &struct{ Body listBody }{listBody{reports, next}}, err
}

// publicFilter reads the words of a list's address. What it does not understand is
// a "bad_request".
func (s *Server) publicFilter(ctx context.Context, rq *request, in *listInput) (civic.Filter, error) {
	f := civic.Filter{Status: in.Status, Public: true, Limit: in.Limit}
	if f.Status != "" && f.Status != "open" && f.Status != "closed" && !civic.Status(f.Status).Valid() {
		return f, badParameter("status", "unknown_value")
	}
	for _, service := range rq.town.Services {
		if in.Service != "" && (service.Code == in.Service || service.ID.String() == in.Service || service.Group == in.Service) {
			f.Services = append(f.Services, service.ID)
		}
	}
	if in.Service != "" && len(f.Services) == 0 {
		return f, badParameter("service", "unknown_value")
	}
	if in.Area != "" {
		id, err := civic.ParseID[civic.Area](in.Area)
		if err != nil || !slices.ContainsFunc(rq.town.Areas, func(a civic.Area) bool { return a.ID == id }) {
			return f, badParameter("area", "unknown_value")
		}
		f.Area = id
	}
	if in.Before != "" {
		code, err := civic.ParseCode(in.Before)
		if err != nil {
			return f, badParameter("before", "unknown_value")
		}
		last, err := s.Store.ReportByCode(ctx, rq.j(), code)
		if err == nil && !s.shown(rq, &last) {
			err = civic.ErrNotFound // as if there were none
		}
		if errors.Is(err, civic.ErrNotFound) {
			err = badParameter("before", "unknown_value")
		}
		if err != nil {
			return f, err
		}
		f.After, f.AfterID = last.Created, last.ID
	}
	return f, nil
}

// publicList lists what anybody may see; next continues the list.
func (s *Server) publicList(ctx context.Context, rq *request, f civic.Filter) (list []civic.PublicReport, next string, err error) {
	reports, err := s.Store.Reports(ctx, rq.j(), f)
	if err != nil {
		return nil, "", err
	}
	list = make([]civic.PublicReport, 0, len(reports))
	for i := range reports {
		r := &reports[i]
		if p, ok := civic.Public(r, s.service(rq, r.Service), s.areaName(rq, r.Area), s.zone(rq)); ok {
			p.Messages = nil // their words are on the report's own page
			list = append(list, p)
		}
	}
	if len(reports) == f.Limit && f.Limit > 0 {
		next = string(reports[len(reports)-1].Code)
	}
	return list, next, nil
}
