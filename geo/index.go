package geo

import (
	"sync"
	"sync/atomic"
)

// Index is the live index of one town's reports. Readers take a Snapshot;
// writers take turns. The zero Index is not ready: use NewIndex or a Builder.
type Index struct {
	mu      sync.Mutex // held by the writer
	current atomic.Pointer[Snapshot]
	ids     *directory
}

// NewIndex returns an empty index.
func NewIndex() *Index { return newIndex(newRoot(nil), newDirectory()) }

func newIndex(r *root, ids *directory) *Index {
	x := &Index{ids: ids}
	x.current.Store(&Snapshot{root: r, version: 1})
	return x
}

// After makes the index count its versions from beyond those of old, whose place
// it takes. It is called before the index is shared.
func (x *Index) After(old *Index) {
	s := *x.current.Load()
	s.version = old.current.Load().version + 1
	x.current.Store(&s)
}

// Snapshot returns the index as the last Update left it.
func (x *Index) Snapshot() *Snapshot { return x.current.Load() }

// Touch is a place where a change happened.
type Touch struct {
	Key    Key
	Public bool // the public sees a difference
}

// Update runs f and publishes what it changed as one step: a reader sees all
// of it or nothing. It returns the places that changed, in the order of their
// keys. f must not keep the Tx nor call Update.
func (x *Index) Update(f func(*Tx)) []Touch {
	x.mu.Lock()
	defer x.mu.Unlock()
	old := x.current.Load()
	tx := Tx{root: old.root, ids: x.ids}
	f(&tx)
	edits, touches := tx.edits()
	if len(edits) == 0 {
		return nil
	}
	tx.direct()
	x.current.Store(&Snapshot{root: old.root.apply(edits), version: old.version + 1})
	return touches
}
