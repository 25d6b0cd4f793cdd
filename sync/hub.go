package sync

import (
	"context"
	"sync"

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

// streamKey names a stream: the same scope is written once for each measure of
// what its readers may know of people.
type streamKey struct {
	j     civic.JurisdictionID
	scope civic.Scope
	who   civic.Who
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
	var streams []*stream
	for _, who := range []civic.Who{civic.WhoNobody, civic.WhoToRing, civic.WhoToAnswer} {
		if st := h.streams[streamKey{j, s, who}]; st != nil {
			streams = append(streams, st)
		}
	}
	var told []*watcher
	for w := range h.watchers {
		if w.j == j && w.scopes[s] {
			told = append(told, w)
		}
	}
	h.mu.Unlock()
	for _, st := range streams {
		st.wake(v)
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
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
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
func (h *hub) attach(k streamKey, ss *session, sub *subscription, pos int64) (st *stream, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	st = h.streams[k]
	if st == nil {
		st = &stream{hub: h, key: k, subs: make(map[*subscription]*session)}
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
	st.subs[sub] = ss
	return st, true
}
