package server

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"segnavia/civic"
)

// endWithAccess ends a stream when what let its reader in does: it is asked as often as a
// session is, and keeps none alive. It returns when the request is over.
func (s *Server) endWithAccess(r *http.Request, rq *request, end func()) {
	tick := time.NewTicker(sessionFor)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			if s.isOut(r, rq) {
				end()
				return
			}
		}
	}
}

// isOut reports whether a session or a device has ended since it let somebody in. A
// database that does not answer ends nothing.
func (s *Server) isOut(r *http.Request, rq *request) bool {
	if rq.token != "" {
		lives, err := s.Store.SessionLives(r.Context(), rq.j(), rq.token)
		return err == nil && !lives
	}
	again := &request{town: rq.town}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	err := s.identifyDevice(r, again, token)
	return err != nil && !errors.Is(err, civic.ErrBusy)
}
