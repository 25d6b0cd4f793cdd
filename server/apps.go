package server

import (
	"bytes"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"segnavia/civic"
)

// appRoutes serve the built staff apps. Their pages are the same for everybody:
// who is signed in, each app asks for itself.
func (s *Server) appRoutes() {
	for _, app := range []string{"crew", "desk"} {
		page := func(w http.ResponseWriter, r *http.Request, _ *request) {
			w.Header().Set("Content-Security-Policy", csp+trustedTypes)
			s.asset(w, r, app+".html", "no-cache")
		}
		s.handle(Route{Pattern: "GET /" + app, Allow: Anyone}, 0, page)
		s.handle(Route{Pattern: "GET /" + app + "/{rest...}", Allow: Anyone}, 0, page)
	}
	s.handle(Route{Pattern: "GET /assets/{name...}", Allow: Anyone}, 0, func(w http.ResponseWriter, r *http.Request, _ *request) {
		// The names of built assets hold their hash.
		s.asset(w, r, "assets/"+r.PathValue("name"), "public, max-age=31536000, immutable")
	})
	for _, name := range []string{"sw.js", "citizen.js", "crew.webmanifest", "favicon.svg", "icon.svg", "icon-192.png", "icon-512.png"} {
		s.handle(Route{Pattern: "GET /" + name, Allow: Anyone}, 0, func(w http.ResponseWriter, r *http.Request, _ *request) {
			s.asset(w, r, name, "no-cache")
		})
	}
}

func (s *Server) asset(w http.ResponseWriter, r *http.Request, name, caching string) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if info, err := fs.Stat(s.Assets, name); err != nil || info.IsDir() {
		s.problem(w, r, 0, civic.Refuse("not_found"))
		return
	}
	w.Header().Set("Cache-Control", caching)
	if strings.HasSuffix(name, ".webmanifest") {
		w.Header().Set("Content-Type", "application/manifest+json")
	}
	small, err := s.small.of(s.Assets, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if small == nil {
		http.ServeFileFS(w, r, s.Assets, name)
		return
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if !takesGzip(r) {
		http.ServeFileFS(w, r, s.Assets, name)
		return
	}
	if kind := mime.TypeByExtension(path.Ext(name)); w.Header().Get("Content-Type") == "" && kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.Header().Set("Content-Encoding", "gzip")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(small))
}
