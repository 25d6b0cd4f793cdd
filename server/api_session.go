package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"segnavia/civic"
)

type signInInput struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

type sessionBody struct {
	User         sessionUser         `json:"user"`
	Jurisdiction sessionJurisdiction `json:"jurisdiction"`
}

type sessionUser struct {
	ID    civic.UserID   `json:"id"`
	Login string         `json:"login"`
	Name  string         `json:"name"`
	Role  civic.Role     `json:"role"`
	Teams []civic.TeamID `json:"teams"`
	Desks []civic.DeskID `json:"desks"`
}

type sessionJurisdiction struct {
	ID     civic.JurisdictionID `json:"id"`
	Name   string               `json:"name"`
	Locale string               `json:"locale"`
	Zone   string               `json:"zone"`
}

type sessionOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      sessionBody
}

func sessionOf(rq *request, u civic.User) sessionBody {
	return sessionBody{
		sessionUser{u.ID, u.Login, u.Display, u.Role, append([]civic.TeamID{}, u.Teams...), append([]civic.DeskID{}, u.Desks...)},
		sessionJurisdiction{rq.town.ID, rq.town.Name, rq.town.Locale, rq.town.Zone},
	}
}

func (s *Server) sessionAPI(api huma.API) {
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/api/v1/session", Summary: "Sign in with login and password",
	}, s.signIn)
	operation(s, api, Route{Allow: Staff}, huma.Operation{
		OperationID: "session", Method: http.MethodGet, Path: "/api/v1/session", Summary: "Who is signed in",
	}, func(ctx context.Context, rq *request, _ *struct{}) (*struct{ Body sessionBody }, error) {
		u := rq.user
		if u.ID.IsZero() { // a device: it knows its person from here
			var err error
			if u, err = s.Store.User(ctx, rq.j(), rq.actor.User); err != nil {
				return nil, err
			}
		}
		return &struct{ Body sessionBody }{sessionOf(rq, u)}, nil
	})
	operation(s, api, Route{Allow: Anyone}, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/api/v1/session", Summary: "Sign out",
		DefaultStatus: http.StatusNoContent,
	}, s.signOut)
}

func (s *Server) signIn(ctx context.Context, rq *request, in *signInInput) (*sessionOutput, error) {
	login := strings.ToLower(strings.TrimSpace(in.Body.Login))
	if !s.limits.allow(limitSignIn, rq.place) || !s.limits.allow(limitLogin, rq.j().String()+login) {
		return nil, civic.Refuse("too_fast")
	}
	u, kept, err := s.Store.PasswordOf(ctx, rq.j(), login)
	if err != nil && !errors.Is(err, civic.ErrNotFound) {
		return nil, err
	}
	if !s.checkPassword(ctx, in.Body.Password, kept) || err != nil {
		return nil, civic.Refuse("bad_password")
	}
	token, err := s.Store.AddSession(ctx, rq.j(), u.ID)
	if err != nil {
		return nil, err
	}
	return &sessionOutput{SetCookie: *s.cookie(sessionCookie, token, 12*3600), Body: sessionOf(rq, u)}, nil
}

type signOutInput struct {
	token string
}

// Resolve reads the session's token.
func (in *signOutInput) Resolve(ctx huma.Context) []error {
	for _, name := range []string{"__Host-" + sessionCookie, sessionCookie} {
		if c, err := huma.ReadCookie(ctx, name); err == nil {
			in.token = c.Value
			return nil
		}
	}
	return nil
}

func (s *Server) signOut(ctx context.Context, rq *request, in *signOutInput) (*struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}, error,
) {
	if in.token != "" {
		s.sessions.forget(in.token)
		if err := s.Store.EndSession(ctx, rq.j(), in.token); err != nil {
			return nil, err
		}
	}
	return &struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}{*s.cookie(sessionCookie, "", -1)}, nil
}
