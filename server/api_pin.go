package server

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type pinInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Edit civic.EditID `json:"edit" doc:"Minted where it is asked for (UUIDv7): sending twice gives one PIN, until another is given"`
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

type pinStateBody struct {
	Renewable bool `json:"renewable" doc:"Whoever asks may give the report another PIN"`
}

func (s *Server) pinAPI(api huma.API) {
	office := Route{Allow: allowing(civic.KindPIN.Roles())}
	operation(s, api, office, huma.Operation{
		OperationID: "pin-state", Method: http.MethodGet, Path: "/api/v1/reports/{id}/pin",
		Summary: "Whether a report may be given another PIN",
	}, s.pinState)
	operation(s, api, office, huma.Operation{
		OperationID: "renew-pin", Method: http.MethodPost, Path: "/api/v1/reports/{id}/pin",
		Summary: "Give a report another PIN, for somebody who calls", DefaultStatus: http.StatusCreated,
	}, s.renewPIN)
}

// pinState says whether there is anything to renew, before somebody promises it.
func (s *Server) pinState(ctx context.Context, rq *request, in *reportInput) (*struct{ Body pinStateBody }, error) {
	report, err := s.findReport(ctx, rq, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.mayRead(rq, &report) {
		return nil, civic.ErrNotFound
	}
	had, err := s.Store.Receipt(ctx, rq.j(), report.ID)
	return &struct{ Body pinStateBody }{pinStateBody{rq.actor.RenewsPIN(&report, had.PIN != "")}}, err
}

// renewPIN is an edit like any other, so that the history says who did it; the PIN
// itself stands in this answer alone.
func (s *Server) renewPIN(ctx context.Context, rq *request, in *pinInput) (*pinOutput, error) {
	report, err := s.findReport(ctx, rq, in.ID)
	if err != nil {
		return nil, err
	}
	if !s.mayRead(rq, &report) {
		return nil, civic.ErrNotFound
	}
	if had, err := s.Store.Receipt(ctx, rq.j(), report.ID); err != nil {
		return nil, err
	} else if had.PIN == "" {
		return nil, civic.ErrNotFound // a case of the field's own
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
	now, err := s.Store.Receipt(ctx, rq.j(), report.ID)
	if err == nil && a.Repeated {
		err = s.lastPIN(ctx, rq, report.ID, in.Body.Edit)
	}
	if err != nil {
		return nil, err
	}
	return &pinOutput{"no-store", pinBody{report.Code, report.Code.Spoken(), spokenPIN(now.PIN)}}, nil
}

// lastPIN refuses an edit whose PIN holds no more: the one that does is a colleague's
// to read aloud.
func (s *Server) lastPIN(ctx context.Context, rq *request, report civic.ReportID, edit civic.EditID) error {
	history, err := s.Store.History(ctx, rq.j(), report)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(history) {
		if e.Kind == civic.KindPIN {
			if e.ID == edit {
				return nil
			}
			break
		}
	}
	return civic.Refuse(civic.CodeStale)
}
