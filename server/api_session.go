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
	cookies []*http.Cookie
	Body    struct {
		Login    string `json:"login" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

// Resolve reads the marks of known browsers.
func (in *signInInput) Resolve(ctx huma.Context) []error {
	in.cookies = huma.ReadCookies(ctx)
	return nil
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
	SetCookie []http.Cookie `header:"Set-Cookie"`
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
	operation(s, api, Route{Allow: Staff}, huma.Operation{
		OperationID: "sign-out-everywhere", Method: http.MethodDelete, Path: "/api/v1/sessions",
		Summary:     "Sign out everywhere: every session of who asks ends, and every device is signed out",
		Description: "A device that is signed out hides what it holds and keeps what it has not sent until the same person is back.",
	}, s.signOutEverywhere)
}

// signIn lets a person in. Wrong passwords make their own account and address wait,
// and nobody else; a browser in which the account has signed in before is known by
// its mark and not by its address.
func (s *Server) signIn(ctx context.Context, rq *request, in *signInInput) (*sessionOutput, error) {
	login := strings.ToLower(strings.TrimSpace(in.Body.Login))
	u, kept, err := s.Store.PasswordOf(ctx, rq.j(), login)
	if err != nil && !errors.Is(err, civic.ErrNotFound) {
		return nil, err
	}
	a := attempt{place: rq.place, key: rq.j().String() + "\x00" + login + "\x00" + rq.place}
	nonce := s.knownBrowser(rq.j(), u.ID, in.cookies)
	if known := u.ID.String() + "\x00" + nonce; nonce != "" && s.delays.wait(known, s.Now(), freeInKnown) == 0 {
		a = attempt{key: known, free: freeInKnown}
	}
	if err := s.checkAttempt(ctx, a, in.Body.Password, kept); err != nil {
		return nil, err
	}
	token, err := s.Store.AddSession(ctx, rq.j(), u.ID, kept)
	if errors.Is(err, civic.ErrNotFound) {
		return nil, civic.Refuse("bad_password") // another since a moment ago
	}
	if err != nil {
		return nil, err
	}
	return &sessionOutput{
		SetCookie: []http.Cookie{*s.cookie(sessionCookie, token, 12*3600), s.markBrowser(rq.j(), u.ID, nonce)},
		Body:      sessionOf(rq, u),
	}, nil
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

type signedOutOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Devices int `json:"devices" doc:"How many were signed out"`
	}
}

func (s *Server) signOutEverywhere(ctx context.Context, rq *request, _ *struct{}) (*signedOutOutput, error) {
	s.sessions.forget(rq.token)
	n, err := s.Store.SignOutEverywhere(ctx, rq.j(), rq.actor.User, rq.actor.User)
	if err != nil {
		return nil, err
	}
	out := &signedOutOutput{}
	if rq.token != "" { // by a device's token: this browser's session may be somebody else's
		out.SetCookie = []http.Cookie{*s.cookie(sessionCookie, "", -1)}
	}
	out.Body.Devices = n
	return out, nil
}
