package sync

import (
	"context"
	"errors"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"

	"segnavia/civic"
)

// The HTTP twin: the same frames for networks that break websockets. A close
// 4xyz is status xyz with the error frame as body.

// bearer reads the grant of a request, or answers it.
func (s *Server) bearer(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) (civic.Grant, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		refuse(w, failure(closeToken, "token"))
		return civic.Grant{}, false
	}
	g, bad := s.authenticate(r.Context(), j, token, civic.DeviceID{})
	if bad != nil {
		refuse(w, bad)
		return g, false
	}
	return g, true
}

func refuse(w http.ResponseWriter, f *errorFrame) {
	status := f.close - 4000
	switch f.Code {
	case "reset":
		status = http.StatusGone
	case "gap":
		status = http.StatusConflict
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter))))
	}
	reply(w, status, f)
}

// Refuse answers a request of the twin that none of its handlers saw with an error
// frame.
func Refuse(w http.ResponseWriter, status int, e *civic.Error) {
	f := failure(0, e.Code)
	maps.Copy(f.Args, e.Args)
	reply(w, status, f)
}

func reply(w http.ResponseWriter, status int, frame any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(encode(frame)) // #nosec G705 -- JSON, said so; the client has gone when this does not work
}

// bearerFirst reads the grant of a request before its body. A stranger's body is
// not read at all: the connection goes with the answer.
func (s *Server) bearerFirst(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) (civic.Grant, bool) {
	expectBody(w)
	w.Header().Set("Connection", "close")
	g, ok := s.bearer(w, r, j)
	if ok {
		w.Header().Del("Connection")
	}
	return g, ok
}

// ServeHello answers POST /sync/hello with a welcome.
func (s *Server) ServeHello(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, ok := s.bearerFirst(w, r, j)
	if !ok {
		return
	}
	var f helloFrame
	if !readBody(w, r, &f) || !sameDevice(w, g, f.Device) {
		return
	}
	if f.Proto != 0 && f.Proto != Protocol {
		refuse(w, unserved())
		return
	}
	welcome, _, bad := s.welcome(r.Context(), g, f)
	if bad == nil && welcome.Expires > 0 && len(f.Cursors) > 0 && len(welcome.Scopes) == 0 {
		bad = failure(closeForbidden, "forbidden")
	}
	if bad != nil {
		refuse(w, bad)
		return
	}
	reply(w, http.StatusOK, welcome)
}

// ServePush answers POST /sync/push with an ack.
func (s *Server) ServePush(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, ok := s.bearerFirst(w, r, j)
	if !ok {
		return
	}
	var f struct {
		pushFrame
		Device civic.DeviceID `json:"device"`
	}
	if !readBody(w, r, &f) || !sameDevice(w, g, f.Device) {
		return
	}
	ack, bad := s.pushAll(r.Context(), g, f.pushFrame)
	if bad != nil {
		refuse(w, bad)
		return
	}
	reply(w, http.StatusOK, ack)
}

// sameDevice checks that a frame is from the device of the token, or answers it.
func sameDevice(w http.ResponseWriter, g civic.Grant, device civic.DeviceID) bool {
	if device.IsZero() || device == g.Device {
		return true
	}
	refuse(w, failure(closeToken, "token"))
	return false
}

// scoped reads the grant, the scope and the epoch of a reading request.
func (s *Server) scoped(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) (civic.Grant, civic.Scope, bool) {
	g, ok := s.bearer(w, r, j)
	if !ok {
		return g, "", false
	}
	q := r.URL.Query()
	scope, err := civic.ParseScope(q.Get("scope"))
	if err != nil || !g.MayRead(scope) {
		refuse(w, failure(closeForbidden, "forbidden"))
		return g, "", false
	}
	if secondsLeft(g, s.Now()) == 0 {
		refuse(w, failure(closeToken, "token"))
		return g, "", false
	}
	if epoch := q.Get("epoch"); epoch != "" && epoch != s.Log.Epoch() {
		refuse(w, failure(0, "reset"))
		return g, "", false
	}
	return g, scope, true
}

// trouble answers for an error of the log.
func trouble(w http.ResponseWriter, err error) {
	switch {
	case civic.CodeOf(err) == "reset":
		refuse(w, failure(0, "reset"))
	case errors.Is(err, civic.ErrNotFound):
		refuse(w, failure(closeForbidden, "forbidden"))
	case errors.Is(err, context.Canceled):
	default:
		refuse(w, failure(closeAway, "busy"))
	}
}

// ServePull answers GET /sync/pull with an array of delta frames.
func (s *Server) ServePull(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, scope, ok := s.scoped(w, r, j)
	if !ok {
		return
	}
	q := r.URL.Query()
	from, err := strconv.ParseInt(q.Get("from"), 10, 64)
	if err != nil || from < 0 {
		refuse(w, failure(closeBad, "bad_from"))
		return
	}
	limit := pullOps
	if text := q.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 {
			refuse(w, failure(closeBad, "bad_limit"))
			return
		}
	}
	d, _, err := pull(r.Context(), s.Log, streamKey{j, scope, whoIn(&g, scope)}, from, min(limit, 10*pullOps))
	if err != nil {
		trouble(w, err)
		return
	}
	frames := []deltaFrame{}
	if d.To > d.From {
		frames = append(frames, delta(d))
	}
	out := newAnswer(w, r, "application/json")
	_, err = out.Write(encode(frames))
	out.finish(err)
}
