package sync

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"segnavia/civic"
)

// The HTTP twin: the same frames for networks that break websockets. A close
// 4xyz is status xyz with the error frame as body.

// bearer reads the grant of a request, or answers it.
func (s *Server) bearer(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID, device civic.DeviceID) (civic.Grant, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		refuse(w, failure(closeToken, "token"))
		return civic.Grant{}, false
	}
	g, bad := s.authenticate(r.Context(), j, token, device)
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
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	reply(w, status, f)
}

func reply(w http.ResponseWriter, status int, frame any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(encode(frame)) // #nosec G705 -- JSON, said so; the client has gone when this does not work
}

// readFrame reads a frame from a request's body, whatever its t.
func readFrame(w http.ResponseWriter, r *http.Request) (inFrame, bool) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, pushBytes+1))
	if err != nil {
		refuse(w, failure(closeBad, "bad_frame"))
		return inFrame{}, false
	}
	if len(raw) > pushBytes {
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxFrameDrain))
		refuse(w, failure(closeTooLarge, "too_large"))
		return inFrame{}, false
	}
	var f inFrame
	if err := json.Unmarshal(raw, &f); err != nil {
		refuse(w, failure(closeBad, "bad_frame"))
		return f, false
	}
	return f, true
}

// ServeHello answers POST /sync/hello with a welcome.
func (s *Server) ServeHello(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	f, ok := readFrame(w, r)
	if !ok {
		return
	}
	if f.Proto != 0 && f.Proto != Protocol {
		e := failure(closeProtocol, "protocol")
		e.Served = []int{Protocol}
		refuse(w, e)
		return
	}
	g, ok := s.bearer(w, r, j, f.Device)
	if !ok {
		return
	}
	welcome, _, bad := s.welcome(r.Context(), g, f)
	if bad != nil {
		refuse(w, bad)
		return
	}
	reply(w, http.StatusOK, welcome)
}

// ServePush answers POST /sync/push with an ack.
func (s *Server) ServePush(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	f, ok := readFrame(w, r)
	if !ok {
		return
	}
	g, ok := s.bearer(w, r, j, f.Device)
	if !ok {
		return
	}
	ack, bad := s.pushAll(r.Context(), g, f)
	if bad != nil {
		refuse(w, bad)
		return
	}
	reply(w, http.StatusOK, ack)
}

// scoped reads the grant, the scope and the epoch of a reading request.
func (s *Server) scoped(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) (civic.Grant, civic.Scope, bool) {
	g, ok := s.bearer(w, r, j, civic.DeviceID{})
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
	d, _, err := pull(r.Context(), s.Log, streamKey{j, scope, reporters(&g, scope)}, from, min(limit, 10*pullOps))
	if err != nil {
		trouble(w, err)
		return
	}
	frames := []deltaFrame{}
	if d.To > d.From {
		frames = append(frames, delta(d))
	}
	writeZipped(w, r, "application/json", func(out io.Writer) error {
		_, err := out.Write(encode(frames))
		return err
	})
}

// writeZipped writes an answer, compressed when the client takes it.
func writeZipped(w http.ResponseWriter, r *http.Request, mime string, body func(io.Writer) error) {
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		_ = body(w) // a reader that has gone
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return
	}
	if body(z) == nil {
		_ = z.Close() // an unfinished stream tells the client to start again
	}
}
