package server

import (
	"net/http"

	"segnavia/civic"
)

// maxHead bounds what a request says before its body, in bytes. net/http itself cuts
// off at maxRawHead and some more: what lies between is read, and answered in the
// door's form.
const (
	maxHead    = 32 << 10
	maxRawHead = 64 << 10
)

// codeLongHead says that a request's head is longer than maxHead.
const codeLongHead = "long_head"

// boundHead sends away who says more than maxHead.
func (s *Server) boundHead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if headBytes(r) > maxHead {
			w.Header().Set("Connection", "close")
			s.problem(w, r, 0, civic.Refuse(codeLongHead))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headBytes is about as many as the request's head had on the wire.
func headBytes(r *http.Request) int {
	n := len(r.Method) + len(r.RequestURI) + len(r.Host)
	for name, values := range r.Header {
		for _, v := range values {
			n += len(name) + len(v) + len(": \r\n")
		}
	}
	return n
}
