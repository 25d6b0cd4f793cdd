package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"segnavia/civic"
)

// Access is who a route is open to.
type Access uint16

// One bit a role, and the two sets that most routes want.
const (
	AllowCitizen Access = 1 << iota
	AllowOperator
	AllowForeman
	AllowCrew
	AllowContractor
	AllowPlanner
	AllowViewer
	AllowAdmin

	Staff  = AllowOperator | AllowForeman | AllowCrew | AllowContractor | AllowPlanner | AllowViewer | AllowAdmin
	Anyone = Staff | AllowCitizen
)

var accessOf = map[civic.Role]Access{
	civic.RoleCitizen: AllowCitizen, civic.RoleOperator: AllowOperator, civic.RoleForeman: AllowForeman,
	civic.RoleCrew: AllowCrew, civic.RoleContractor: AllowContractor, civic.RolePlanner: AllowPlanner,
	civic.RoleViewer: AllowViewer, civic.RoleAdmin: AllowAdmin,
}

// allowing is the access of roles.
func allowing(roles []civic.Role) (a Access) {
	for _, r := range roles {
		a |= accessOf[r]
	}
	return a
}

// Route is one path of the server and who it is open to. Own says that the
// handler looks further: at the report's own people, or at a device's token.
type Route struct {
	Pattern string
	Allow   Access
	Own     bool
}

// Routes lists every route, for the table of who may do what.
func (s *Server) Routes() []Route { return slices.Clone(s.routes) }

type handlerFunc func(w http.ResponseWriter, r *http.Request, rq *request)

// handle registers a route. Whoever it is not open to is answered 401 when
// signing in would help and 403 when it would not.
func (s *Server) handle(route Route, maxBody int64, h handlerFunc) {
	s.routes = append(s.routes, route)
	s.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) {
		rq, ok := s.enter(w, r, route)
		if !ok {
			return
		}
		if maxBody > 0 {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		}
		h(w, r, rq)
	})
}

// enter finds the town and the actor and checks the route's access.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, route Route) (*request, bool) {
	if slices.Contains(watched, r.URL.Path) { // by another method: no question for the database either
		return &request{lang: s.langOf(r)}, true
	}
	town, err := s.towns.of(r.Context(), hostOf(r))
	if err != nil {
		s.fail(w, r, err)
		return nil, false
	}
	rq := &request{town: town, lang: s.langOf(r), place: s.addressOf(r), origin: s.origin(r)}
	if err := s.identify(r, rq, ownToken(r.URL.Path)); err != nil {
		s.fail(w, r, err)
		return nil, false
	}
	if !s.Open && route.Allow&accessOf[rq.actor.Role] == 0 {
		if rq.signedIn() {
			s.problem(w, r, 0, civic.Refuse(civic.CodeForbidden))
		} else {
			s.problem(w, r, 0, civic.Refuse("sign_in"))
		}
		return nil, false
	}
	return rq, true
}

func hostOf(r *http.Request) string {
	host, _, _ := strings.Cut(r.Host, ":")
	return strings.ToLower(host)
}

// outermost is what every request passes: headers, the log line, and a last
// net under a handler that panics.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		rec := &recorder{
			ResponseWriter: w, status: http.StatusOK, control: http.NewResponseController(w), patience: s.patience,
		}
		s.secureHeaders(rec.Header(), r)
		defer func() {
			if panicked := recover(); panicked != nil {
				if err, ok := panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(panicked)
				}
				s.Logger.ErrorContext(r.Context(), "handler panicked", "panic", fmt.Sprint(panicked), "trace", string(debug.Stack()))
				if !rec.wrote {
					s.problem(rec, r, 0, civic.Refuse("internal"))
				}
			}
			s.logRequest(r, rec, start)
		}()
		if r.ContentLength != 0 && r.Body != nil && r.Body != http.NoBody {
			body, ok := s.boundBody(rec, r)
			if !ok {
				return
			}
			rec.body = body
			defer body.done()
		}
		next.ServeHTTP(rec, r)
		rec.expectReader() // what is left goes out after the handler
	})
}

// logRequest writes one line without a word of a citizen's: no query, no
// address, the route's pattern instead of the path.
func (s *Server) logRequest(r *http.Request, rec *recorder, start time.Time) {
	s.Logger.DebugContext(r.Context(), "request", "method", r.Method, "route", r.Pattern,
		"status", rec.status, "took", s.Now().Sub(start))
}

// readerPatience is how long a reader may take none of an answer. There is no
// deadline for the whole: a photo over a poor network may take minutes.
const readerPatience = 30 * time.Second

// recorder notes the status of an answer, and lets each part of it take a while,
// but not for ever. It gives the real writer away to those who need more than
// http.ResponseWriter.
type recorder struct {
	http.ResponseWriter
	status   int
	wrote    bool
	control  *http.ResponseController
	patience time.Duration
	hijacked bool // a websocket, whose deadlines are its own
	body     *body
}

// expectReader gives what is written next its time.
func (r *recorder) expectReader() {
	if !r.hijacked {
		_ = r.control.SetWriteDeadline(time.Now().Add(r.patience)) // not every connection has one
	}
}

func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
	r.expectReader()
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	r.expectReader()
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// csp allows our own scripts, styles, workers and pictures and nothing else.
const csp = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"worker-src 'self'; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'self'"

// trustedTypes is what the staff apps demand beside it: markup and the addresses
// of scripts pass their one policy (web/src/app/trusted.ts), or nothing does.
const trustedTypes = "; require-trusted-types-for 'script'; trusted-types default"

func (s *Server) secureHeaders(h http.Header, r *http.Request) {
	crossOrigin(h, r)
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
	if s.secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// withRequest carries what the router found out to the API's handlers.
func withRequest(ctx context.Context, rq *request) context.Context {
	return context.WithValue(ctx, requestKey{}, rq)
}

// Hijack gives the connection to a websocket.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.hijacked = true
	return r.control.Hijack()
}
