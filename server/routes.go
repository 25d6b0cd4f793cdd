package server

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"

	"segnavia/civic"
)

// register makes every route of the server.
func (s *Server) register() {
	s.api()
	s.syncRoutes()
	s.uploadRoutes()
	s.mapRoutes()
	s.open311Routes()
	s.appRoutes()
	s.pageRoutes()
	s.watchRoutes()
}

// watched are the paths of those who watch the program.
var watched = []string{"/healthz", "/readyz", "/metrics"}

// watchRoutes are for those who watch the program: they know no town and no
// person, and answer when the database does not.
func (s *Server) watchRoutes() {
	bare := func(pattern string, h http.HandlerFunc) {
		s.routes = append(s.routes, Route{Pattern: pattern, Allow: Anyone})
		s.mux.HandleFunc(pattern, h)
	}
	bare("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, "alive\n") })
	bare("GET /readyz", s.getReady)
	if s.Metrics != nil && s.MetricsToken != "" {
		bare("GET /metrics", s.getMetrics)
	}
}

// ShowsToken reports whether a request has the token as RFC 6750 writes it.
func ShowsToken(r *http.Request, token string) bool {
	shown, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return subtle.ConstantTimeCompare([]byte(shown), []byte(token)) == 1
}

// getMetrics tells the figures to whoever shows the token: behind a proxy on the
// same machine an address says nothing about who asks.
func (s *Server) getMetrics(w http.ResponseWriter, r *http.Request) {
	if !ShowsToken(r, s.MetricsToken) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		s.problem(w, r, 0, civic.Refuse("sign_in"))
		return
	}
	s.Metrics.ServeHTTP(w, r)
}

func (s *Server) api() {
	api := s.newAPI()
	s.sessionAPI(api)
	s.deviceAPI(api)
	s.peopleAPI(api)
	s.reportAPI(api)
	s.shotsAPI(api)
	s.editAPI(api)
	s.pinAPI(api)
	s.mapAPI(api)
	s.basemapAPI(api)
	s.handle(Route{Pattern: "POST /api/v1/photos", Allow: Anyone}, maxUpload, s.postPhoto)
	photoOperation(api)
	finish(api)
	document, err := json.MarshalIndent(api.OpenAPI(), "", "  ")
	if err != nil {
		panic("server: the API's document: " + err.Error()) // a mistake in the code, found at start
	}
	s.document = append(document, '\n')
	s.handle(Route{Pattern: "GET /api/v1/openapi.json", Allow: Anyone}, 0, func(w http.ResponseWriter, _ *http.Request, _ *request) {
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		_, _ = w.Write(s.document) // a reader that has gone
	})
	s.handle(Route{Pattern: "OPTIONS /api/v1/{path...}", Allow: Anyone}, 0, s.preflight)
	s.handle(Route{Pattern: "GET /media/reports/{report}/{sha256}/{size}", Allow: Anyone, Own: true}, 0, s.getMedia)
}

// Document is the OpenAPI description of the API.
func (s *Server) Document() []byte { return s.document }

// syncRoutes are the protocol's own: they look at the device's token, not at
// the session.
func (s *Server) syncRoutes() {
	for pattern, serve := range map[string]func(http.ResponseWriter, *http.Request, civic.JurisdictionID){
		"GET /sync":          s.serveSocket,
		"POST /sync/hello":   s.Sync.ServeHello,
		"POST /sync/push":    s.Sync.ServePush,
		"GET /sync/pull":     s.Sync.ServePull,
		"GET /sync/snapshot": s.Sync.ServeSnapshot,
		"GET /sync/repair":   s.Sync.ServeRepair,
		"GET /sync/events":   s.Sync.ServeEvents,
	} {
		s.handle(Route{Pattern: pattern, Allow: Anyone, Own: true}, 0, func(w http.ResponseWriter, r *http.Request, rq *request) {
			if pattern == "GET /sync/events" {
				ended, cancel := s.untilClosing(r)
				defer cancel()
				r = ended
			}
			serve(w, r, rq.j())
		})
	}
}

func (s *Server) mapRoutes() {
	s.handle(Route{Pattern: "GET /tiles/reports/{z}/{x}/{y}", Allow: Anyone}, 0, s.getTile)
	s.handle(Route{Pattern: "GET /tiles/streets/{z}/{x}/{y}", Allow: Anyone}, 0, s.getStreets)
	s.handle(Route{Pattern: "GET /tiles/reports.json", Allow: Anyone}, 0, s.getTileJSON)
	s.handle(Route{Pattern: "GET /tiles/streets.json", Allow: Anyone}, 0, s.getStreetsJSON)
	s.handle(Route{Pattern: "GET /tiles/events", Allow: Anyone}, 0, s.getTileEvents)
	s.handle(Route{Pattern: "GET /basemap.pmtiles", Allow: Anyone}, 0, s.getBasemap)
}

// getReady says whether the program can serve: database and bucket answer, and
// the live index of every town is built.
func (s *Server) getReady(w http.ResponseWriter, r *http.Request) {
	towns, err := s.towns.all(r.Context())
	if err == nil {
		err = s.Store.Ping(r.Context())
	}
	if err == nil {
		err = s.Bucket.Ping(r.Context())
	}
	ready := err == nil && len(towns) > 0
	for i := range towns {
		ready = ready && s.Town(towns[i].ID) != nil
	}
	if !ready {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		answer(w, "not ready\n")
		return
	}
	answer(w, "ready\n")
}

func answer(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text)) // a reader that has gone
}

// untilClosing is a request that also ends when the server is about to.
func (s *Server) untilClosing(r *http.Request) (*http.Request, context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.Context())
	if s.Closing != nil {
		go func() { // ends with the request
			select {
			case <-s.Closing:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	return r.WithContext(ctx), cancel
}
