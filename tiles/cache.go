package tiles

import (
	"container/list"
	"sync"
)

// cache keeps answers under a bound of bytes, the least recently used leaving
// first. An answer is valid only for the version that it was made from, so
// nothing is ever invalidated.
type cache struct {
	mu    sync.Mutex
	limit int
	bytes int
	order list.List // of *cached, most recent first
	byKey map[string]*list.Element
}

type cached struct {
	key     string
	version uint64
	moment  moment // when version was last found to hold
	answer
}

// answer is the body of a response.
type answer struct {
	body []byte
	gzip bool
	sum  uint64 // of the body before it was compressed
}

// slack is about what an entry costs beside its key and body.
const slack = 200

func newCache(limit int) *cache {
	return &cache{limit: limit, byKey: map[string]*list.Element{}}
}

// version returns the version of an answer that was found to hold at the very
// same moment: on a quiet map even the digest need not be taken again.
func (c *cache) version(key []byte, at moment) (uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[string(key)]
	if !ok {
		return 0, false
	}
	v := e.Value.(*cached)
	return v.version, v.moment == at
}

func (c *cache) get(key []byte, version uint64, at moment) (answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[string(key)]
	if !ok {
		return answer{}, false
	}
	v := e.Value.(*cached)
	if v.version != version {
		return answer{}, false
	}
	v.moment = at
	c.order.MoveToFront(e)
	return v.answer, true
}

func (c *cache) put(key []byte, version uint64, at moment, a answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[string(key)]; ok {
		c.drop(e)
	}
	v := &cached{key: string(key), version: version, moment: at, answer: a}
	c.byKey[v.key] = c.order.PushFront(v)
	c.bytes += v.size()
	for c.bytes > c.limit && c.order.Len() > 0 {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	v := e.Value.(*cached)
	c.order.Remove(e)
	delete(c.byKey, v.key)
	c.bytes -= v.size()
}

func (v *cached) size() int { return 2*len(v.key) + cap(v.body) + slack }
