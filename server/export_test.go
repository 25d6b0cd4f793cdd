package server

import (
	"net/http"
	"net/netip"
	"time"
)

// WithPatience makes slow readers cost a test less time.
func (s *Server) WithPatience(d time.Duration) { s.patience = d }

// WithBodyEnd makes a body that brings nothing cost a test less time.
func (s *Server) WithBodyEnd(d time.Duration) {
	s.bodyPace = pace{{d, 0}, {time.Minute, 1000}}
}

// Outermost is what every request passes.
func (s *Server) Outermost(h http.Handler) http.Handler { return s.outermost(h) }

// AddressOf is what stands for a client in limits.
func AddressOf(proxies []netip.Prefix, r *http.Request) string {
	return (&Server{Options: Options{TrustProxy: proxies}}).addressOf(r)
}

// WithoutGrace lets connections and sockets give way at once.
func (s *Server) WithoutGrace() { s.conns.grace, s.sockets.grace = 0, 0 }

// WithBytes makes the budgets of strangers' pictures small.
func (s *Server) WithBytes(place, town, all float64) {
	s.loose = newBudgets(s.Now, place, town, all)
}

// WithBytesByLink does the same for pictures of people whose report is here.
func (s *Server) WithBytesByLink(place, town, all float64) {
	s.linked = newBudgets(s.Now, place, town, all)
}
