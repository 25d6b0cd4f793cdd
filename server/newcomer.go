package server

import (
	"net/http"

	"segnavia/civic"
)

// newcomer is a websocket that has not said who it is. It counts as its address's
// until then, and gives way to younger ones.
type newcomer struct {
	guest *guest
	conn  *conn
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request, j civic.JurisdictionID) {
	g, ok := s.sockets.enter(s.placeOf(r), nil)
	if !ok {
		s.problem(w, r, 0, civic.Refuse("too_fast"))
		return
	}
	s.Sync.ServeSocket(w, r, j, newcomer{g, connOf(r)})
}

// Waits lets the socket be sent away.
func (n newcomer) Waits(end func()) {
	if n.guest != nil {
		n.guest.giveWay = end
		n.guest.idle(true)
	}
}

// Known makes the socket and its connection a device's own.
func (n newcomer) Known() {
	n.guest.leave()
	if n.conn != nil {
		n.conn.guest.leave()
	}
}

// Gone forgets the socket.
func (n newcomer) Gone() { n.guest.leave() }
