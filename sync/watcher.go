package sync

import (
	"sync"

	"segnavia/civic"
)

// watcher hears only that scopes moved, the newest version of each: what a
// reader of server-sent events needs, however slow it is.
type watcher struct {
	j      civic.JurisdictionID
	scopes map[civic.Scope]bool

	mu    sync.Mutex
	moved map[civic.Scope]int64
	last  map[civic.Scope]int64
	kick  chan struct{}
}

func (h *hub) watch(j civic.JurisdictionID, scopes []civic.Scope) *watcher {
	w := &watcher{
		j: j, scopes: make(map[civic.Scope]bool, len(scopes)), moved: make(map[civic.Scope]int64),
		last: make(map[civic.Scope]int64), kick: make(chan struct{}, 1),
	}
	for _, s := range scopes {
		w.scopes[s] = true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[w] = struct{}{}
	return w
}

func (h *hub) unwatch(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

func (w *watcher) tell(s civic.Scope, v int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v <= w.last[s] {
		return
	}
	w.last[s], w.moved[s] = v, v
	select {
	case w.kick <- struct{}{}:
	default:
	}
}

// take empties what moved since the last call.
func (w *watcher) take() map[civic.Scope]int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	moved := w.moved
	w.moved = make(map[civic.Scope]int64)
	return moved
}
