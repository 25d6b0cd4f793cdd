package sync

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// session is one socket. Its reader handles frames one after the other; a
// writer lives only while something waits to be written, so that ten thousand
// idle sockets cost little.
type session struct {
	server *Server
	j      civic.JurisdictionID
	wire   wire

	mu      sync.Mutex
	grant   civic.Grant
	known   bool // a hello was accepted
	scopes  map[civic.Scope]*subscription
	out     outbox
	writing bool
	closed  bool
	beatAt  time.Time
	tokens  float64
	refill  time.Time
}

// subscription is where a session stands in a scope. While poked, no deltas
// follow until the client subscribes again with a cursor.
type subscription struct {
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
	if ss.closed {
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
		ss.mu.Unlock()
		if err := ss.wire.write(it); err != nil {
			ss.end(0)
		}
	}
}

// deliver queues a delta for a subscriber; false when it wants no more.
func (ss *session) deliver(scope civic.Scope, d civic.Delta, frame *websocket.PreparedMessage, size int) bool {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	sub := ss.scopes[scope]
	if ss.closed || sub == nil || sub.poked {
		return false
	}
	ss.queue(item{scope: scope, to: d.To, prepared: frame, size: size})
	return !sub.poked
}

// poke says that there is more than this socket is told of.
func (ss *session) poke(scope civic.Scope, head int64) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	sub := ss.scopes[scope]
	if sub == nil || sub.poked {
		return
	}
	sub.poked = true
	raw := encode(pokeFrame{"poke", scope, head})
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

// regrant takes over rights that may have shrunk.
func (ss *session) regrant(g civic.Grant) {
	ss.mu.Lock()
	g.Expires = ss.grant.Expires
	ss.grant = g
	var gone []civic.Scope
	for scope := range ss.scopes {
		if !g.MayRead(scope) {
			gone = append(gone, scope)
		}
	}
	ss.mu.Unlock()
	if g.Revoked {
		f := failure(closeToken, "token")
		f.Wipe = true
		ss.fail(f)
		return
	}
	for _, scope := range gone {
		ss.unsubscribe(scope)
		ss.send(dropFrame{"drop", scope, "revoked"})
	}
}

func (ss *session) unsubscribe(scope civic.Scope) {
	ss.mu.Lock()
	var st *stream
	if sub := ss.scopes[scope]; sub != nil {
		st = sub.stream
	}
	delete(ss.scopes, scope)
	ss.mu.Unlock()
	if st != nil {
		st.detach(ss)
	}
}

// fail sends the last frame and closes.
func (ss *session) fail(f *errorFrame) {
	raw := encode(f)
	ss.mu.Lock()
	if !ss.closed {
		ss.out = outbox{}
		ss.out.push(item{raw: raw, size: len(raw)})
	}
	it, ok := ss.out.pop()
	ss.mu.Unlock()
	if ok {
		_ = ss.wire.write(it) // the close that follows says the same
	}
	ss.end(f.close)
}

// end closes the socket once and lets go of every stream.
func (ss *session) end(code int) {
	ss.mu.Lock()
	if ss.closed {
		ss.mu.Unlock()
		return
	}
	ss.closed = true
	var streams []*stream
	for _, sub := range ss.scopes {
		if sub.stream != nil {
			streams = append(streams, sub.stream)
		}
	}
	ss.scopes = make(map[civic.Scope]*subscription)
	ss.out = outbox{}
	ss.mu.Unlock()
	ss.wire.close(code)
	for _, st := range streams {
		st.detach(ss)
	}
	ss.server.remove(ss)
}

// tooFast takes a frame's worth from the allowance.
func (ss *session) tooFast(now time.Time) bool {
	ss.tokens = min(frameBurst, ss.tokens+framesPerSecond*now.Sub(ss.refill).Seconds())
	ss.refill = now
	ss.tokens--
	return ss.tokens < 0
}

// handle answers one frame. A returned error frame ends the session.
func (ss *session) handle(ctx context.Context, raw []byte) *errorFrame {
	if ss.tooFast(ss.server.Now()) {
		return failure(closeTooFast, "too_fast")
	}
	f, err := parseFrame(raw)
	if err != nil {
		return failure(closeBad, "bad_frame")
	}
	ss.mu.Lock()
	known := ss.known
	ss.mu.Unlock()
	switch {
	case !known && f.T != "hello":
		return failure(closeBad, "hello_wanted")
	case f.T == "hello":
		return ss.hello(ctx, f)
	case f.T == "sub":
		return ss.sub(ctx, f)
	case f.T == "unsub":
		return ss.unsub(f)
	case f.T == "push":
		return ss.push(ctx, f)
	case f.T == "auth":
		return ss.auth(ctx, f)
	default:
		return nil // unknown frames are ignored by both sides
	}
}
