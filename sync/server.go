package sync

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"segnavia/civic"
)

// Options are what a Server is made of. Now and Rand enter from outside so that
// tests can own them; nil takes the machine's.
type Options struct {
	Grants Grants
	Log    Log
	Rows   Rows
	Edits  Edits
	Logger *slog.Logger
	Now    func() time.Time
	// OwnOrigin reports whether a browser may connect from where a request comes;
	// nil takes the request's own host alone.
	OwnOrigin func(*http.Request) bool
}

// Server serves the protocol for all towns of a node.
type Server struct {
	Options
	hub *hub

	mu       sync.Mutex
	sessions map[*session]struct{}
	closing  bool
	away     chan struct{} // closed when the server goes
	repairs  allowance
	helloIn  time.Duration
	work     sync.WaitGroup
	counts   Counts
}

// New makes a server; Run keeps it alive.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{Options: o, sessions: make(map[*session]struct{}), away: make(chan struct{}), helloIn: helloTimeout}
	s.hub = newHub(o.Log, &s.work)
	return s
}

// Wake tells the server that scopes moved. It never blocks.
func (s *Server) Wake(list []civic.Wake) {
	for _, w := range list {
		s.hub.wake(w.Jurisdiction, w.Scope, w.V)
	}
}

// Run polls heads, so that a lost wake-up costs a second; looks for revoked
// rights; and sends heartbeats. When the context ends it tells every client to
// go elsewhere and waits for what is under way.
func (s *Server) Run(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	recheck := time.NewTicker(recheckEvery)
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			s.shutdown()
			return
		case <-poll.C:
			s.beat()
			s.hub.poll(ctx)
		case <-recheck.C:
			s.recheck(ctx)
		}
	}
}

// beat sends the heartbeats that are due; each session has its own jitter.
func (s *Server) beat() {
	now := s.Now()
	for _, ss := range s.list() {
		ss.beat(now)
	}
}

func (s *Server) list() []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*session, 0, len(s.sessions))
	for ss := range s.sessions {
		list = append(list, ss)
	}
	return list
}

// add registers a session and its reader, who says Done; false when the server is
// going away.
func (s *Server) add(ss *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.sessions[ss] = struct{}{}
	s.counts.Opened++
	s.work.Add(1)
	return true
}

func (s *Server) remove(ss *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, ss)
}

// Counts are figures for the metrics page.
type Counts struct {
	Open, Opened, Mismatches int64
	Streams                  int
}

// Counts tells how many sockets are and were open, how many scopes are
// followed, and how often a client found its checksum different.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts
	c.Open = int64(len(s.sessions))
	c.Streams = s.hub.size()
	return c
}

func (s *Server) mismatch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Mismatches++
}
