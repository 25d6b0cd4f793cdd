package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

// shotBody is where a photo of a case was taken, as its camera wrote it.
type shotBody struct {
	SHA256 civic.SHA256 `json:"sha256"`
	Lon    float64      `json:"lon"`
	Lat    float64      `json:"lat"`
	Place  string       `json:"place,omitempty" doc:"The street and the nearest door, as a person would say it"`
}

type shotsBody struct {
	Shots []shotBody `json:"shots"`
}

func (s *Server) shotsAPI(api huma.API) {
	operation(s, api, Route{Allow: Anyone, Own: true}, huma.Operation{
		OperationID: "report-shots", Method: http.MethodGet, Path: "/api/v1/reports/{id}/shots",
		Summary: "Where the photos of a report were taken, for the office alone",
	}, s.getShots)
}

// getShots answers the office only: what a camera wrote may be somebody's home.
func (s *Server) getShots(ctx context.Context, rq *request, in *reportInput) (*struct{ Body shotsBody }, error) {
	r, err := s.findReport(ctx, rq, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.Open && (!rq.actor.Staff() || !rq.actor.Reads(&r)) {
		return nil, civic.ErrNotFound
	}
	if err := s.look(ctx, rq, &r); err != nil {
		return nil, err
	}
	body := shotsBody{Shots: []shotBody{}}
	for _, hash := range civic.InOrder(r.Photos) {
		p, err := s.Store.Photo(ctx, rq.j(), hash)
		if errors.Is(err, civic.ErrNotFound) || err == nil && (p.Lon == nil || p.Lat == nil) {
			continue
		}
		if err != nil {
			return nil, err
		}
		near, err := s.Store.PlaceAt(ctx, rq.j(), civic.Position{Lon: *p.Lon, Lat: *p.Lat})
		if err != nil {
			return nil, err
		}
		body.Shots = append(body.Shots, shotBody{hash, *p.Lon, *p.Lat, s.placeLabel(rq.lang, &near)})
	}
	return &struct{ Body shotsBody }{body}, nil
}
