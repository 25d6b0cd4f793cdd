package sync

import (
	"context"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"segnavia/civic"
)

// hub follows each scope once for all its subscribers on this node.
type hub struct {
	log  Log
	work *sync.WaitGroup

	mu       sync.Mutex
	streams  map[streamKey]*stream
	watchers map[*watcher]struct{}
}

// streamKey names a stream: the same scope is written twice, with and without
// the people to ring.
type streamKey struct {
	j         civic.JurisdictionID
	scope     civic.Scope
	reporters bool
}

// stream reads a scope's log after cur and gives each frame to everybody. A
// subscriber's own cursor is never below cur when it is attached.
type stream struct {
	hub *hub
	key streamKey

	mu   sync.Mutex
	cur  int64
	want int64
	busy bool
	subs map[*session]struct{}
}

func newHub(log Log, work *sync.WaitGroup) *hub {
	return &hub{log: log, work: work, streams: make(map[streamKey]*stream), watchers: make(map[*watcher]struct{})}
}

func (h *hub) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}

// wake says that a scope has reached a version.
func (h *hub) wake(j civic.JurisdictionID, s civic.Scope, v int64) {
	h.mu.Lock()
	plain, full := h.streams[streamKey{j, s, false}], h.streams[streamKey{j, s, true}]
	var told []*watcher
	for w := range h.watchers {
		if w.j == j && w.scopes[s] {
			told = append(told, w)
		}
	}
	h.mu.Unlock()
	for _, st := range []*stream{plain, full} {
		if st != nil {
			st.wake(v)
		}
	}
	for _, w := range told {
		w.tell(s, v)
	}
}

// poll reads the heads of everything that is followed here.
func (h *hub) poll(ctx context.Context) {
	scopes := make(map[civic.JurisdictionID]map[civic.Scope]bool)
	note := func(j civic.JurisdictionID, s civic.Scope) {
		if scopes[j] == nil {
			scopes[j] = make(map[civic.Scope]bool)
		}
		scopes[j][s] = true
	}
	h.mu.Lock()
	for k := range h.streams {
		note(k.j, k.scope)
	}
	for w := range h.watchers {
		for s := range w.scopes {
			note(w.j, s)
		}
	}
	h.mu.Unlock()
	for j, set := range scopes {
		list := make([]civic.Scope, 0, len(set))
		for s := range set {
			list = append(list, s)
		}
		heads, err := h.log.Heads(ctx, j, list)
		if err != nil {
			continue // the next poll, a second later, asks again
		}
		for s, head := range heads {
			h.wake(j, s, head.V)
		}
	}
}

// attach adds a subscriber whose cursor is at pos to a stream. It returns false
// when the stream has already written versions after pos: the caller catches up
// first. Stream and subscriber are joined under the hub's lock, so that nobody
// attaches to a stream that was just let go.
func (h *hub) attach(k streamKey, ss *session, pos int64) (st *stream, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	st = h.streams[k]
	if st == nil {
		st = &stream{hub: h, key: k, subs: make(map[*session]struct{})}
		h.streams[k] = st
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.subs) == 0 && !st.busy {
		st.cur = pos
	}
	if pos < st.cur {
		return st, false
	}
	st.subs[ss] = struct{}{}
	return st, true
}

func (st *stream) detach(ss *session) {
	st.hub.mu.Lock()
	defer st.hub.mu.Unlock()
	st.mu.Lock()
	defer st.mu.Unlock()
	delete(st.subs, ss)
	if len(st.subs) == 0 && !st.busy && st.hub.streams[st.key] == st {
		delete(st.hub.streams, st.key)
	}
}

func (st *stream) wake(v int64) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.want = max(st.want, v)
	if st.busy || len(st.subs) == 0 || st.want <= st.cur {
		return
	}
	st.busy = true
	st.hub.work.Go(st.drain)
}

// drainTimeout bounds one reading of the log; a reading that fails is tried
// again while somebody listens.
const drainTimeout = 5 * time.Second

// drain reads and hands out until there is nothing more.
func (st *stream) drain() {
	for {
		st.mu.Lock()
		from := st.cur
		if st.want <= from || len(st.subs) == 0 {
			st.busy = false
			st.mu.Unlock()
			return
		}
		st.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
		frame, size, d, err := st.read(ctx, from)
		cancel()
		if err != nil {
			if civic.CodeOf(err) == "reset" {
				st.reset()
				return
			}
			time.Sleep(100 * time.Millisecond)
			continue
		}
		st.hand(frame, size, d)
	}
}

// read makes the next frame, compressed once for everybody.
func (st *stream) read(ctx context.Context, from int64) (*websocket.PreparedMessage, int, civic.Delta, error) {
	d, _, err := pull(ctx, st.hub.log, st.key, from, pullOps)
	if err != nil || d.To == from {
		return nil, 0, d, err
	}
	raw := encode(delta(d))
	frame, err := websocket.NewPreparedMessage(websocket.TextMessage, raw)
	d.Ops = nil
	return frame, len(raw), d, err
}

func (st *stream) hand(frame *websocket.PreparedMessage, size int, d civic.Delta) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if frame == nil { // the wake-up was early: another node's commit is not visible yet
		st.want = min(st.want, d.To)
		return
	}
	st.cur = d.To
	for ss := range st.subs {
		if !ss.deliver(st.key.scope, d, frame, size) {
			delete(st.subs, ss)
		}
	}
}

// reset lets go of everybody: the log no longer reaches back to cur.
func (st *stream) reset() {
	st.mu.Lock()
	subs := st.subs
	st.subs = make(map[*session]struct{})
	st.busy = false
	want := st.want
	st.mu.Unlock()
	for ss := range subs {
		ss.poke(st.key.scope, want)
	}
}

// pull reads a delta and joins its texts.
func pull(ctx context.Context, log Log, k streamKey, from int64, limit int) (civic.Delta, int64, error) {
	d, head, err := log.Pull(ctx, k.j, k.scope, from, limit)
	if err != nil {
		return d, head, err
	}
	return d, head, log.Join(ctx, k.j, bodies(d.Ops), k.reporters)
}

// bodies lists the bodies of ops for joining.
func bodies(ops []civic.Op) []civic.Body {
	list := make([]civic.Body, 0, len(ops))
	for i := range ops {
		if len(ops[i].Body) > 0 {
			list = append(list, civic.Body{ID: ops[i].ID, Whole: ops[i].Kind == civic.OpEnter, JSON: &ops[i].Body})
		}
	}
	return list
}
