package server

import (
	"net/http"
	"net/url"
	"strings"

	"segnavia/civic"
)

// single reports whether the installation has one town, which every host serves.
func (s *Server) single(r *http.Request) bool {
	towns, err := s.towns.all(r.Context())
	return err == nil && len(towns) <= 1
}

// origin is the address by which people know the town of a request, without a slash
// at its end: what links and receipts begin with. Where there are several towns it
// is the town's own host, which the request came to.
func (s *Server) origin(r *http.Request) string {
	if s.PublicURL != "" && s.single(r) {
		return s.PublicURL
	}
	u := url.URL{Scheme: "http", Host: r.Host}
	if s.secure() {
		u.Scheme = "https"
	}
	return u.String()
}

// OwnOrigin reports whether a browser's request comes from a page of its own town;
// a client that is no browser names no origin.
func (s *Server) OwnOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Host == r.Host || origin == s.origin(r))
}

// guardCrossSite keeps other sites, other towns among them, from using what a
// visitor's browser sends by itself. What changes nothing passes, and the town is
// looked up only for what seems to come from elsewhere.
func (s *Server) guardCrossSite(next http.Handler) http.Handler {
	var own http.CrossOriginProtection
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cookieCounts(r) && own.Check(r) != nil {
			// Without the towns nobody can say whose page it is.
			if _, err := s.towns.all(r.Context()); err != nil {
				s.fail(w, r, err)
				return
			}
			var renamed http.CrossOriginProtection
			// A proxy may have given the request another host. What is no origin is not trusted.
			_ = renamed.AddTrustedOrigin(s.origin(r))
			if renamed.Check(r) != nil {
				s.problem(w, r, http.StatusForbidden, civic.Refuse("cross_site"))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// cookieCounts reports whether a request may do what its sender did not ask for: by
// a cookie that it brings, or one that it would be given. By a key or a token alone
// nobody is used.
func (s *Server) cookieCounts(r *http.Request) bool {
	switch {
	case strings.HasPrefix(r.URL.Path, "/open311/"):
		return false
	case strings.HasPrefix(r.URL.Path, "/api/v1/session"):
		return true
	case strings.HasPrefix(r.URL.Path, "/api/v1/"):
		return r.Header.Get("Cookie") != ""
	default:
		return true
	}
}

// crossOrigin lets pages and hybrid apps of others read what anybody may, and act by
// a key or a token of theirs. Browsers send no cookie along and take none.
func crossOrigin(h http.Header, r *http.Request) {
	if !shared(r.URL.Path) {
		return
	}
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Location, Retry-After, ETag")
}

func shared(path string) bool {
	return strings.HasPrefix(path, "/open311/") || strings.HasPrefix(path, "/api/v1/")
}

// preflight answers what a browser asks before it sends (Fetch standard, CORS
// protocol).
func (s *Server) preflight(w http.ResponseWriter, _ *http.Request, _ *request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}
