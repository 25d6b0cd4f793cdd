package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"segnavia/civic"
	fieldsync "segnavia/sync"
)

// problem answers with an error in the form of the door that the request came to:
// GeoReport's errors, the sync's error frame, a page for a browser, and else a
// problem of RFC 9457. Status 0 takes the code's own.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, e *civic.Error) {
	if status == 0 {
		status = statusOf(e.Code)
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/open311/"):
		s.door.Refuse(w, r, s.langOf(r), status, e)
	case inSync(r.URL.Path):
		sayWhen(w, status, e)
		fieldsync.Refuse(w, status, e)
	case wantsPage(r):
		s.problemPage(w, r, status, e)
	default:
		s.plainProblem(w, r, status, e)
	}
}

// problemPage shows the error on a page of the town's, if there is a town.
func (s *Server) problemPage(w http.ResponseWriter, r *http.Request, status int, e *civic.Error) {
	town, err := s.towns.of(r.Context(), hostOf(r))
	if err != nil {
		s.plainProblem(w, r, status, e)
		return
	}
	s.showProblem(w, r, &request{town: town, lang: s.langOf(r), origin: s.origin(r)}, status, e)
}

// plainProblem is an error for programs.
func (s *Server) plainProblem(w http.ResponseWriter, r *http.Request, status int, e *civic.Error) {
	p := s.problemOf(s.langOf(r), status, e)
	sayWhen(w, p.Status, e)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a reader that has gone
}

// sayWhen says when to ask again, where asking again helps.
func sayWhen(w http.ResponseWriter, status int, e *civic.Error) {
	switch status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusInsufficientStorage:
		w.Header().Set("Retry-After", retryOf(e))
	}
}

func inSync(path string) bool { return path == "/sync" || strings.HasPrefix(path, "/sync/") }

// programs are the paths that no browser shows to a person.
var programs = []string{"/api/", "/sync/", "/open311/", "/tiles/", "/media/", "/assets/"}

// wantsPage reports whether a person reads the answer.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") &&
		!slices.ContainsFunc(programs, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) })
}

// unrouted answers for a path that there is not, and for a method that the path does
// not take: net/http's own answer is in no door's form.
func (s *Server) unrouted(w http.ResponseWriter, r *http.Request, _ *request) {
	methods := s.methodsOf(r)
	if len(methods) == 0 {
		s.problem(w, r, 0, civic.Refuse("not_found"))
		return
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	s.problem(w, r, 0, civic.Refuse(codeMethod))
}

// codeMethod says that an address does not take the request's method.
const codeMethod = "method"

// methodsOf are the methods of a request's path, sorted. A pattern that stands for
// every path of a door is none of it; the answer to a preflight alone makes no path.
func (s *Server) methodsOf(r *http.Request) (list []string) {
	probe := r.WithContext(r.Context())
	for _, probe.Method = range []string{"DELETE", "GET", "PATCH", "POST", "PUT"} {
		if _, pattern := s.mux.Handler(probe); pattern != "" && !s.everyPath(pattern) {
			list = append(list, probe.Method)
			if probe.Method == http.MethodGet {
				list = append(list, http.MethodHead)
			}
		}
	}
	for _, probe.Method = range []string{"HEAD", "OPTIONS"} {
		_, pattern := s.mux.Handler(probe)
		known := slices.Contains(list, probe.Method) || pattern == ""
		if !known && (!s.everyPath(pattern) || len(list) > 0 && strings.HasPrefix(pattern, probe.Method)) {
			list = append(list, probe.Method)
		}
	}
	slices.Sort(list)
	return list
}

// everyPath reports whether a pattern stands for every path of a door.
func (s *Server) everyPath(pattern string) bool {
	return pattern == "/" || strings.HasSuffix(pattern, "/{path...}")
}
