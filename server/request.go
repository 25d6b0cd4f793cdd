package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"segnavia/civic"
	"segnavia/text"
)

// request is what is known of a request before it is handled: which town, who
// asks, in which language.
type request struct {
	town   *civic.TownSite
	actor  civic.Actor
	user   civic.User // of a session, else zero
	token  string     // of a session, else empty
	device civic.DeviceID
	desks  []civic.DeskID
	lang   text.Lang
	place  string // stands for the client's address in limits; never logged
	origin string // the address that the town's links begin with
	staff  bool   // signed in, with a role that sees every case
}

func (rq *request) j() civic.JurisdictionID { return rq.town.ID }

// asker is who of the town hall asks, and what they showed.
func (rq *request) asker() civic.Asker {
	return civic.Asker{User: rq.actor.User, Session: rq.token, Device: rq.device}
}

type requestKey struct{}

// requestOf is how the API's handlers, which are given a context only, reach
// what the router found out.
func requestOf(ctx context.Context) *request {
	rq, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		panic("server: a handler outside the router")
	}
	return rq
}

const sessionCookie = "session"

// secure reports whether people reach the server by HTTPS.
func (s *Server) secure() bool { return strings.HasPrefix(s.PublicURL, "https://") }

// cookieName adds the prefix that binds a cookie to its host, which browsers
// accept over HTTPS only.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{ // #nosec G124 -- Secure whenever the public address is https
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true,
		Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	}
}

func (s *Server) readCookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// identify finds out who asks: a device by its token, a person of the town hall
// by their session, else a citizen who has shown nothing. A token that is shown
// and not good is an error, so that a crew's work is never taken for a citizen's;
// a database that does not answer makes nobody anonymous.
func (s *Server) identify(r *http.Request, rq *request, own bool) error {
	rq.actor = civic.Actor{Role: civic.RoleCitizen}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		if own {
			return nil // the sync looks at the token itself
		}
		return s.identifyDevice(r, rq, token)
	}
	token := s.readCookie(r, sessionCookie)
	if token == "" {
		return nil
	}
	u, err := s.sessions.user(r.Context(), s.Store, rq.j(), token, s.Now())
	if errors.Is(err, civic.ErrNotFound) {
		return nil // signed out, or too long ago
	}
	if err != nil {
		return errors.Join(civic.ErrBusy, err)
	}
	rq.user, rq.token, rq.desks = u, token, u.Desks
	rq.actor = civic.Actor{Role: u.Role, User: u.ID, Teams: u.Teams, Desks: u.Desks}
	rq.staff = rq.actor.Staff()
	return nil
}

func (s *Server) identifyDevice(r *http.Request, rq *request, token string) error {
	g, err := s.Store.Grant(r.Context(), rq.j(), token, s.Now())
	switch {
	case err == nil && g.Revoked:
		return g.Refusal()
	case errors.Is(err, civic.ErrBadToken), err == nil && !s.Now().Before(g.Expires):
		return civic.Refuse("token")
	case err != nil:
		return errors.Join(civic.ErrBusy, err)
	}
	rq.actor, rq.device, rq.staff = g.Actor, g.Device, g.Actor.Staff()
	rq.desks = g.Desks
	return nil
}

// signedIn reports whether a person or a device of the town hall asks.
func (rq *request) signedIn() bool { return rq.actor.Role != civic.RoleCitizen }

// langCookie keeps the language that a person chose.
const langCookie = "lang"

func (s *Server) langOf(r *http.Request) text.Lang {
	asked := r.URL.Query().Get("lang")
	if asked == "" {
		if c, err := r.Cookie(langCookie); err == nil {
			asked = c.Value
		}
	}
	return text.Choose(asked, r.Header.Get("Accept-Language"))
}
