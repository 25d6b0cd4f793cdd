package sync

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

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

type snapshotHead struct {
	T     string      `json:"t"`
	Scope civic.Scope `json:"scope"`
	Epoch string      `json:"epoch"`
	V     int64       `json:"v"`
	N     int64       `json:"n"`
	Sum   civic.Sum   `json:"sum"`
}

type snapshotRow struct {
	ID   civic.ReportID  `json:"id"`
	Rev  int64           `json:"rev"`
	Body json.RawMessage `json:"body"`
}

type snapshotEnd struct {
	T    string `json:"t"`
	N    int    `json:"n"`
	Upto int64  `json:"upto"`
}

// ServeSnapshot answers GET /sync/snapshot with a scope's rows, line by line.
func (s *Server) ServeSnapshot(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, scope, ok := s.scoped(w, r, j)
	if !ok {
		return
	}
	var after civic.ReportID
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = civic.ParseID[civic.Report](text); err != nil {
			refuse(w, failure(closeBad, "bad_after"))
			return
		}
	}
	writeZipped(w, r, "application/x-ndjson", func(out io.Writer) error {
		lines := &lineWriter{out: out}
		rows := 0
		upto, err := s.Rows.Snapshot(r.Context(), j, scope, after, func(h civic.Head) error {
			return lines.write(snapshotHead{"snapshot", scope, s.Log.Epoch(), h.V, h.N, h.Sum})
		}, func(page []civic.Row) error {
			rows += len(page)
			return s.writeRows(r.Context(), lines, g, scope, page)
		})
		if err != nil {
			return err
		}
		return lines.write(snapshotEnd{"end", rows, upto})
	})
}

func (s *Server) writeRows(ctx context.Context, lines *lineWriter, g civic.Grant, scope civic.Scope, page []civic.Row) error {
	list := make([]civic.Body, len(page))
	for i := range page {
		list[i] = civic.Body{ID: page[i].ID, Whole: true, JSON: &page[i].Body}
	}
	if scope.Kind() != civic.ScopeTown && scope.Kind() != civic.ScopeArea {
		if err := s.Log.Join(ctx, g.Jurisdiction, list, reporters(&g, scope)); err != nil {
			return err
		}
	}
	for _, row := range page {
		if err := lines.write(snapshotRow(row)); err != nil {
			return err
		}
	}
	return nil
}

type lineWriter struct {
	out io.Writer
	buf bytes.Buffer
}

func (l *lineWriter) write(line any) error {
	l.buf.Reset()
	l.buf.Write(encode(line))
	l.buf.WriteByte('\n')
	_, err := l.out.Write(l.buf.Bytes())
	return err
}

type repairFrame struct {
	T     string         `json:"t"`
	Scope civic.Scope    `json:"scope"`
	Epoch string         `json:"epoch"`
	V     int64          `json:"v"`
	Lanes [256]civic.Sum `json:"lanes"`
}

// ServeRepair answers GET /sync/repair with the checksums of a scope's buckets,
// or with the rows of one. A client asks only after a mismatch, so each call
// counts as an alarm.
func (s *Server) ServeRepair(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, scope, ok := s.scoped(w, r, j)
	if !ok {
		return
	}
	if prefix := r.URL.Query().Get("prefix"); prefix != "" {
		s.serveBucket(w, r, g, scope, prefix)
		return
	}
	s.mismatch()
	s.Logger.WarnContext(r.Context(), "checksum mismatch", "scope", string(scope), "device", g.Device.String(),
		"at", r.URL.Query().Get("at"))
	v, lanes, err := s.Rows.Repair(r.Context(), j, scope)
	if err != nil {
		trouble(w, err)
		return
	}
	reply(w, http.StatusOK, repairFrame{"repair", scope, s.Log.Epoch(), v, lanes})
}

func (s *Server) serveBucket(w http.ResponseWriter, r *http.Request, g civic.Grant, scope civic.Scope, prefix string) {
	n, err := strconv.ParseUint(prefix, 16, 8)
	if err != nil || len(prefix) != 2 {
		refuse(w, failure(closeBad, "bad_prefix"))
		return
	}
	h, page, err := s.Rows.RepairBucket(r.Context(), g.Jurisdiction, scope, byte(n))
	if err != nil {
		trouble(w, err)
		return
	}
	writeZipped(w, r, "application/x-ndjson", func(out io.Writer) error {
		lines := &lineWriter{out: out}
		if err := lines.write(snapshotHead{"snapshot", scope, s.Log.Epoch(), h.V, h.N, h.Sum}); err != nil {
			return err
		}
		if err := s.writeRows(r.Context(), lines, g, scope, page); err != nil {
			return err
		}
		return lines.write(snapshotEnd{"end", len(page), h.V})
	})
}

// ServeEvents answers GET /sync/events: pokes as server-sent events, for clients
// that push and pull over HTTP.
func (s *Server) ServeEvents(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, ok := s.bearer(w, r, j, civic.DeviceID{})
	if !ok {
		return
	}
	q := r.URL.Query()
	if epoch := q.Get("epoch"); epoch != "" && epoch != s.Log.Epoch() {
		refuse(w, failure(0, "reset"))
		return
	}
	var scopes []civic.Scope
	for text := range strings.SplitSeq(q.Get("scopes"), ",") {
		if scope, err := civic.ParseScope(text); err == nil && g.MayRead(scope) && len(scopes) < maxScopes {
			scopes = append(scopes, scope)
		}
	}
	if len(scopes) == 0 || secondsLeft(g, s.Now()) == 0 {
		refuse(w, failure(closeForbidden, "forbidden"))
		return
	}
	s.stream(w, r, g, scopes)
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, g civic.Grant, scopes []civic.Scope) {
	watch := s.hub.watch(g.Jurisdiction, scopes)
	defer s.hub.unwatch(watch)
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	heads, err := s.Log.Heads(r.Context(), g.Jurisdiction, scopes)
	if err != nil {
		trouble(w, err)
		return
	}
	for scope, h := range heads {
		watch.tell(scope, h.V)
	}
	recheck := time.NewTicker(recheckEvery)
	defer recheck.Stop()
	for {
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout)) // not every writer has one
		line := ": hb\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-recheck.C:
			now, err := s.Grants.GrantOf(r.Context(), g.Jurisdiction, g.Device)
			if err != nil || now.Revoked || s.Now().After(g.Expires) || !mayReadAll(&now, scopes) {
				return
			}
			continue
		case <-beat.C:
		case <-watch.kick:
			line = pokes(watch.take())
		}
		if _, err := io.WriteString(w, line); err != nil || out.Flush() != nil {
			return
		}
	}
}

func mayReadAll(g *civic.Grant, scopes []civic.Scope) bool {
	for _, s := range scopes {
		if !g.MayRead(s) {
			return false
		}
	}
	return true
}

func pokes(moved map[civic.Scope]int64) string {
	var b strings.Builder
	for scope, v := range moved {
		b.WriteString("data: ")
		b.Write(encode(pokeFrame{"poke", scope, v}))
		b.WriteString("\n\n")
	}
	return b.String()
}
