package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type tokensOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         civic.Tokens
}

func tokens(t civic.Tokens) *tokensOutput { return &tokensOutput{"no-store", t} }

type nameInput struct {
	Body struct {
		Name string `json:"name,omitempty" maxLength:"100"`
	}
}

type enrolInput struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"100"`
		Name string `json:"name,omitempty" maxLength:"100"`
	}
}

type refreshInput struct {
	Body struct {
		Refresh string `json:"refresh" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) deviceAPI(api huma.API) {
	operation(s, api, Route{Allow: Staff}, huma.Operation{
		OperationID: "add-device", Method: http.MethodPost, Path: "/api/v1/devices",
		Summary: "Make this signed-in browser a device", DefaultStatus: http.StatusCreated,
	}, func(ctx context.Context, rq *request, in *nameInput) (*tokensOutput, error) {
		if rq.user.ID.IsZero() {
			return nil, civic.Refuse("sign_in") // a device cannot make devices
		}
		t, err := s.Store.DeviceBySession(ctx, rq.j(), rq.token, in.Body.Name, s.Now())
		if errors.Is(err, civic.ErrNotFound) {
			return nil, civic.Refuse("sign_in") // signed out a moment ago
		}
		return tokens(t), err
	})
	operation(s, api, Route{Allow: Anyone, Own: true}, huma.Operation{
		OperationID: "enrol-device", Method: http.MethodPost, Path: "/api/v1/devices/enrol",
		Summary: "Exchange a one-time code for a device", DefaultStatus: http.StatusCreated,
	}, func(ctx context.Context, rq *request, in *enrolInput) (*tokensOutput, error) {
		t, err := s.Store.Enrol(ctx, rq.j(), in.Body.Code, in.Body.Name, s.Now())
		if errors.Is(err, civic.ErrNotFound) {
			return nil, civic.Refuse("token")
		}
		return tokens(t), err
	})
	operation(s, api, Route{Allow: Anyone, Own: true}, huma.Operation{
		OperationID: "refresh-device", Method: http.MethodPost, Path: "/api/v1/devices/refresh", Summary: "Renew a device's token",
	}, func(ctx context.Context, rq *request, in *refreshInput) (*tokensOutput, error) {
		t, err := s.Store.Refresh(ctx, rq.j(), in.Body.Refresh, s.Now())
		if errors.Is(err, civic.ErrNotFound) {
			return nil, civic.Refuse("token")
		}
		return tokens(t), err
	})
}
