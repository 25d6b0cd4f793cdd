package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type mapBody struct {
	Bounds       [4]float64        `json:"bounds" doc:"West, south, east, north"`
	Streets      string            `json:"streets"`
	Basemap      *string           `json:"basemap"`
	Attribution  string            `json:"attribution"`
	Attributions map[string]string `json:"attributions,omitempty" doc:"The same in other languages"`
	Schematic    bool              `json:"schematic" doc:"Only drawn, not to scale"`
}

type placesInput struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"An address as people write it"`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"8"`
}

type placeBody struct {
	Label string `json:"label" doc:"The place as a person would say it"`
	civic.Place
}

type placesBody struct {
	Places []placeBody `json:"places"`
}

type nearInput struct {
	Lon float64 `query:"lon" required:"true" minimum:"-180" maximum:"180"`
	Lat float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
	// Who names a street without a door may mean any part of it.
	Metres int `query:"metres" minimum:"10" maximum:"300" default:"60" doc:"How far around the place"`
}

type nearBody struct {
	Place   string               `json:"place,omitempty" doc:"The street and the nearest door, as a person would say it"`
	Street  string               `json:"street,omitempty"`
	Outside bool                 `json:"outside,omitempty" doc:"The place lies in none of the town's districts nor close to one: probably in another town"`
	Reports []civic.PublicReport `json:"reports"`
}

// nearMetres is how near a report must be to be perhaps the same; streetMetres
// where only the street is known.
const (
	nearMetres   = 60
	streetMetres = 250
)

func (s *Server) mapAPI(api huma.API) {
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "map", Method: http.MethodGet, Path: "/api/v1/map", Summary: "What a map of the town needs",
	}, func(_ context.Context, rq *request, _ *struct{}) (*struct{ Body mapBody }, error) {
		b := mapBody{Bounds: rq.town.Bounds, Streets: "/tiles/streets/{z}/{x}/{y}.mvt", Attribution: rq.town.Attribution, Attributions: rq.town.Attributions, Schematic: rq.town.Schematic}
		if s.Basemap != "" {
			path := "/basemap.pmtiles"
			b.Basemap = &path
		}
		return &struct{ Body mapBody }{b}, nil
	})
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "places", Method: http.MethodGet, Path: "/api/v1/places", Summary: "Where an address may be",
	}, func(ctx context.Context, rq *request, in *placesInput) (*struct{ Body placesBody }, error) {
		list, err := s.places(ctx, rq, in.Q, in.Limit)
		return &struct{ Body placesBody }{placesBody{list}}, err
	})
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "near", Method: http.MethodGet, Path: "/api/v1/near", Summary: "What is at a place, and open reports nearby",
	}, func(ctx context.Context, rq *request, in *nearInput) (*struct{ Body nearBody }, error) {
		at := civic.Position{Lon: in.Lon, Lat: in.Lat}
		p, err := s.Store.PlaceAt(ctx, rq.j(), at)
		if err != nil {
			return nil, err
		}
		abroad, err := s.abroad(ctx, rq, at)
		if err != nil {
			return nil, err
		}
		list, err := s.nearby(ctx, rq, at, float64(in.Metres))
		return &struct{ Body nearBody }{nearBody{s.placeLabel(rq.lang, &p), p.Street, abroad, list}}, err
	})
}

func (s *Server) places(ctx context.Context, rq *request, address string, limit int) ([]placeBody, error) {
	found, err := s.find(ctx, rq, address, limit)
	list := make([]placeBody, len(found))
	for i := range found {
		list[i] = placeBody{s.placeLabel(rq.lang, &found[i]), found[i]}
	}
	return list, err
}

// nearby lists the open public reports around a place.
func (s *Server) nearby(ctx context.Context, rq *request, p civic.Position, metres float64) ([]civic.PublicReport, error) {
	reports, err := s.Store.Nearby(ctx, rq.j(), p, metres, 5)
	list := make([]civic.PublicReport, 0, len(reports))
	for i := range reports {
		if public, err := s.public(ctx, rq, &reports[i]); err == nil {
			list = append(list, public)
		}
	}
	return list, err
}
