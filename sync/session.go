package sync

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"segnavia/civic"
)

// session is one socket. Its reader handles frames one after the other; a
// writer lives only while something waits to be written, so that ten thousand
// idle sockets cost little.
type session struct {
	server *Server
	j      civic.JurisdictionID
	wire   wire
	stop   context.CancelFunc // gives up what the reader is doing

	mu    sync.Mutex
	grant civic.Grant
	known bool // a hello was accepted
	// newcomer is told how the hello ended; nil once it was.
	newcomer Newcomer
	scopes   map[civic.Scope]*subscription
	out      outbox
	room     chan struct{} // closed when out has room again; nil while nobody waits
	writing  bool
	failed   bool // the last frame is on its way
	closed   bool
	beatAt   time.Time
	tokens   float64
	refill   time.Time
}

// subscription is where a session stands in a scope. While poked, no deltas
// follow until the client subscribes again with a cursor. Each sub makes a new
// one: what was on its way to an earlier one is not for it.
type subscription struct {
	scope  civic.Scope
	who    civic.Who // how much of the people is written
	stream *stream
	poked  bool
}

// wire is the socket as a session sees it; tests put a fake in its place.
type wire interface {
	write(it item) error
	close(code int)
	ping()
}

func newSession(s *Server, j civic.JurisdictionID, w wire) *session {
	now := s.Now()
	return &session{
		server: s, j: j, wire: w, scopes: make(map[civic.Scope]*subscription),
		beatAt: now.Add(jitter(heartbeat)), tokens: frameBurst, refill: now,
	}
}

// jitter spreads instants so that a restart does not make everybody speak at once.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64())) // #nosec G404 -- no secret
}

func (ss *session) identity() (civic.JurisdictionID, civic.DeviceID, bool) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.j, ss.grant.Device, ss.known
}

// send queues a frame that must not be lost.
func (ss *session) send(frame any) {
	raw := encode(frame)
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.queue(item{raw: raw, size: len(raw)})
}

// queue adds a frame and starts the writer; the lock is held.
func (ss *session) queue(it item) {
	if ss.closed || ss.failed {
		return
	}
	for scope, to := range ss.out.push(it) {
		if sub := ss.scopes[scope]; sub != nil && !sub.poked {
			sub.poked = true
			raw := encode(pokeFrame{"poke", scope, to})
			ss.out.push(item{raw: raw, size: len(raw)})
		}
	}
	if !ss.writing {
		ss.writing = true
		ss.server.work.Go(ss.flush)
	}
}

// flush writes until nothing waits. A write that fails or takes too long ends
// the session: the client comes back with its cursor.
func (ss *session) flush() {
	for {
		ss.mu.Lock()
		it, ok := ss.out.pop()
		if !ok || ss.closed {
			ss.writing = false
			ss.mu.Unlock()
			return
		}
		ss.makeRoom()
		ss.mu.Unlock()
		if err := ss.wire.write(it); err != nil {
			ss.end(0)
		}
	}
}

// deliver queues a delta for a subscription; false when it wants no more.
func (ss *session) deliver(sub *subscription, d civic.Delta, it item) bool {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if ss.closed || ss.scopes[sub.scope] != sub || sub.poked {
		return false
	}
	it.scope, it.to = sub.scope, d.To
	ss.queue(it)
	return !sub.poked
}

// poke says that there is more than this socket is told of.
func (ss *session) poke(sub *subscription, head int64) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if ss.scopes[sub.scope] != sub || sub.poked {
		return
	}
	sub.poked = true
	raw := encode(pokeFrame{"poke", sub.scope, head})
	ss.queue(item{raw: raw, size: len(raw)})
}

// beat sends a heartbeat when it is due, and stops the deltas of a session
// whose token has ended: it may still push.
func (ss *session) beat(now time.Time) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if !ss.known || ss.closed {
		return
	}
	left := secondsLeft(ss.grant, now)
	if left == 0 {
		for _, sub := range ss.scopes {
			sub.poked = true
		}
	}
	if now.Before(ss.beatAt) {
		return
	}
	ss.beatAt = now.Add(jitter(heartbeat))
	raw := encode(hbFrame{"hb", left})
	ss.queue(item{raw: raw, size: len(raw)})
	ss.server.work.Go(ss.wire.ping)
}

func secondsLeft(g civic.Grant, now time.Time) int {
	return max(0, int(g.Expires.Sub(now).Seconds()))
}

// awaitRoom waits while more waits to be written than a socket may queue: a
// client that does not read is not read either.
func (ss *session) awaitRoom() {
	ss.mu.Lock()
	if ss.closed || ss.out.bytes <= queueBytes {
		ss.mu.Unlock()
		return
	}
	if ss.room == nil {
		ss.room = make(chan struct{})
	}
	room := ss.room
	ss.mu.Unlock()
	<-room
}

// makeRoom lets the reader go on when it may; the lock is held.
func (ss *session) makeRoom() {
	if ss.room != nil && (ss.closed || ss.out.bytes <= queueBytes) {
		close(ss.room)
		ss.room = nil
	}
}

// fail sends the last frame and closes. It waits for a socket that is slow: the
// goroutine of nobody else may call it.
func (ss *session) fail(f *errorFrame) {
	raw := encode(f)
	ss.mu.Lock()
	first := !ss.closed && !ss.failed
	ss.failed = true
	ss.out = outbox{}
	ss.mu.Unlock()
	if first {
		_ = ss.wire.write(item{raw: raw, size: len(raw)}) // the close that follows says the same
		ss.end(f.close)
	}
}

// end closes the socket once and lets go of every stream.
func (ss *session) end(code int) {
	ss.mu.Lock()
	if ss.closed {
		ss.mu.Unlock()
		return
	}
	ss.closed = true
	ss.out = outbox{}
	ss.makeRoom()
	ss.mu.Unlock()
	ss.wire.close(code)
	ss.meet(false)
	ss.unsubscribeAll()
	ss.server.remove(ss)
}
