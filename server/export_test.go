package server

import (
	"net/http"
	"time"
)

// WithPatience makes slow readers cost a test less time.
func (s *Server) WithPatience(d time.Duration) { s.patience = d }

// Outermost is what every request passes.
func (s *Server) Outermost(h http.Handler) http.Handler { return s.outermost(h) }

// AddressOf is what stands for a client in limits.
func AddressOf(trustProxy bool, r *http.Request) string {
	return (&Server{Options: Options{TrustProxy: trustProxy}}).addressOf(r)
}
