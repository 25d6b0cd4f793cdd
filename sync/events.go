package sync

import (
	"io"
	"net/http"
	"strings"
	"time"

	"segnavia/civic"
)

// ServeEvents answers GET /sync/events: pokes as server-sent events, for clients
// that push and pull over HTTP.
func (s *Server) ServeEvents(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, ok := s.bearer(w, r, j)
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
		scope, err := civic.ParseScope(text)
		if err != nil || len(scopes) == maxScopes {
			refuse(w, failure(closeBad, "bad_scopes"))
			return
		}
		if g.MayRead(scope) { // as a hello leaves the others out
			scopes = append(scopes, scope)
		}
	}
	if len(scopes) == 0 {
		refuse(w, failure(closeForbidden, "forbidden"))
		return
	}
	if secondsLeft(g, s.Now()) == 0 {
		refuse(w, failure(closeToken, "token"))
		return
	}
	s.stream(w, r, g, scopes)
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, g civic.Grant, scopes []civic.Scope) {
	watch := s.hub.watch(g.Jurisdiction, scopes)
	defer s.hub.unwatch(watch)
	heads, err := s.Log.Heads(r.Context(), g.Jurisdiction, scopes)
	if err == nil && len(heads) == 0 {
		err = civic.ErrNotFound
	}
	if err != nil {
		trouble(w, err)
		return
	}
	out := http.NewResponseController(w)
	defer func() { _ = out.SetWriteDeadline(time.Time{}) }() // the next answer has its own
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for scope, h := range heads {
		watch.tell(scope, h.V)
	}
	recheck := time.NewTicker(recheckEvery)
	defer recheck.Stop()
	for {
		line := ": hb\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-s.away:
			return
		case <-recheck.C:
			grants, err := s.Grants.GrantsOf(r.Context(), g.Jurisdiction, []civic.DeviceID{g.Device})
			now, known := grants[g.Device]
			if err == nil && !known || now.Revoked || s.Now().After(g.Expires) || known && !mayReadAll(&now, scopes) {
				return
			}
			continue
		case <-beat.C:
		case <-watch.kick:
			line = pokes(watch.take())
		}
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout)) // not every writer has one
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
