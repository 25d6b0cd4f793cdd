package sync

import (
	"net/http"

	"segnavia/civic"
)

// Newcomer hears of a socket until its device has said who it is. Sockets that have
// not are anybody's, and their number is for the caller to bound.
type Newcomer interface {
	// Waits says that the socket is open; end closes it and may be called at any time.
	Waits(end func())
	// Known says that a hello was accepted; nothing more is told after it.
	Known()
	// Gone says that the socket ended without one.
	Gone()
}

// unbounded is the Newcomer of callers that bound nothing.
type unbounded struct{}

func (unbounded) Waits(func()) {}
func (unbounded) Known()       {}
func (unbounded) Gone()        {}

// ServeSocket takes a websocket over and returns at once; the session lives on
// its own until the client or the server ends it.
func (s *Server) ServeSocket(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	s.ServeNewcomer(w, r, j, unbounded{})
}

// meet tells the newcomer's watcher, once, how the hello ended.
func (ss *session) meet(known bool) {
	ss.mu.Lock()
	n := ss.newcomer
	ss.newcomer = nil
	ss.mu.Unlock()
	switch {
	case n == nil:
	case known:
		n.Known()
	default:
		n.Gone()
	}
}
