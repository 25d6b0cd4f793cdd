package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type pinInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Edit civic.EditID `json:"edit" doc:"Minted where it is asked for (UUIDv7): sending twice gives one PIN"`
	}
}

type pinOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         pinBody
}

type pinBody struct {
	Code   civic.Code `json:"code"`
	Spoken string     `json:"spoken" doc:"The code as it is read aloud"`
	PIN    string     `json:"pin" doc:"Six digits, to be read aloud now: it is shown once"`
}

func (s *Server) pinAPI(api huma.API) {
	operation(s, api, Route{Allow: AllowOperator | AllowForeman | AllowAdmin}, huma.Operation{
		OperationID: "renew-pin", Method: http.MethodPost, Path: "/api/v1/reports/{id}/pin",
		Summary: "Give a report another PIN, for somebody who calls", DefaultStatus: http.StatusCreated,
	}, s.renewPIN)
}

// renewPIN is an edit like any other, so that the history says who did it; the PIN
// itself stands in this answer alone.
func (s *Server) renewPIN(ctx context.Context, rq *request, in *pinInput) (*pinOutput, error) {
	report, err := s.findReport(ctx, rq, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.Store.PIN(ctx, rq.j(), report.ID); err != nil {
		return nil, err // a case of the field's own has none
	}
	a, err := s.Store.Apply(ctx, rq.j(), civic.Edit{
		ID: in.Body.Edit, Report: report.ID, BaseRev: report.Rev, Kind: civic.KindPIN, At: s.Now(), Actor: rq.actor,
	}, 0)
	if err == nil {
		err = refused(a)
	}
	if err != nil {
		return nil, err
	}
	pin, err := s.Store.PIN(ctx, rq.j(), report.ID)
	return &pinOutput{"no-store", pinBody{report.Code, report.Code.Spoken(), spokenPIN(pin)}}, err
}
