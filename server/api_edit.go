package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type editsInput struct {
	RawBody []byte
}

type editsBody struct {
	Results []civic.Answer `json:"results"`
}

// maxEdits bounds one request; a device pushes more in several.
const maxEdits = 100

func (s *Server) editAPI(api huma.API) {
	operation(s, api, Route{Allow: Staff &^ (AllowPlanner | AllowViewer), Own: true}, huma.Operation{
		OperationID: "apply-edits", Method: http.MethodPost, Path: "/api/v1/edits",
		Summary: "Apply one edit or an array of edits, each in its own transaction",
	}, s.applyEdits)
}

func (s *Server) applyEdits(ctx context.Context, rq *request, in *editsInput) (*struct{ Body editsBody }, error) {
	var raws []json.RawMessage
	if trimmed := bytes.TrimLeft(in.RawBody, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		if json.Unmarshal(trimmed, &raws) != nil {
			return nil, civic.Refuse("bad_request")
		}
	} else {
		raws = []json.RawMessage{trimmed}
	}
	if len(raws) == 0 || len(raws) > maxEdits {
		return nil, civic.Refuse(civic.CodeLimit, "max", maxEdits)
	}
	body := editsBody{Results: make([]civic.Answer, 0, len(raws))}
	for _, raw := range raws {
		e, err := civic.ParseEdit(raw)
		if err != nil {
			body.Results = append(body.Results, civic.Answer{
				ID: e.ID, Versions: map[civic.Scope]int64{},
				Result: civic.Result{Status: civic.Refused, Code: civic.CodeBadEdit},
			})
			continue
		}
		e.Actor = rq.actor
		if e.Epoch != "" && e.Epoch != s.Store.Epoch() {
			e.BaseRev = 0
		}
		a, err := s.Store.Apply(ctx, rq.j(), e, 0)
		if err != nil {
			return nil, err // what was applied stays; the same request again gets all answers
		}
		a.Versions = readable(rq, a.Versions)
		body.Results = append(body.Results, a)
	}
	return &struct{ Body editsBody }{body}, nil
}

// readable keeps the versions of the scopes that whoever asks may follow.
func readable(rq *request, versions map[civic.Scope]int64) map[civic.Scope]int64 {
	g := civic.Grant{Jurisdiction: rq.j(), Actor: rq.actor, Desks: rq.desks}
	visible := make(map[civic.Scope]int64, len(versions))
	for scope, v := range versions {
		if g.MayRead(scope) {
			visible[scope] = v
		}
	}
	return visible
}
