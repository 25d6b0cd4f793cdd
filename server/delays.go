package server

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"segnavia/civic"
)

// delays remembers who gave wrong passwords, on this node: an account and an
// address together, so that nobody's tries cost anybody else time. It holds a
// bounded number; those least often heard of go first.
type delays struct {
	mu  sync.Mutex
	lru *simplelru.LRU[string, civic.Failures]
}

const maxDelays = 100_000

func newDelays(most int) *delays { return &delays{lru: newLRU[civic.Failures](most)} }

// newLRU holds the last so many values. It is not safe for concurrent use.
func newLRU[V any](most int) *simplelru.LRU[string, V] {
	l, err := simplelru.NewLRU[string, V](most, nil)
	if err != nil {
		panic("server: " + err.Error()) // a size that is not one: a mistake in the code
	}
	return l
}

// wait is how long the next try of a key has to wait.
func (d *delays) wait(key string, now time.Time, free int) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, _ := d.lru.Get(key)
	return f.Wait(now, free)
}

// wrong counts a wrong try, and tells how many there were.
func (d *delays) wrong(key string, now time.Time) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, _ := d.lru.Get(key)
	f = f.Wrong(now)
	d.lru.Add(key, f)
	return f.N
}

// right forgets the wrong ones.
func (d *delays) right(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lru.Remove(key)
}
