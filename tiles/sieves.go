package tiles

import (
	"container/list"
	"encoding/binary"
	"sync"

	"segnavia/geo"
)

// maxSieves and sieveBytes bound what is kept for the filters last used. A
// country's 10 million reports take 1 to 3 MB a filter.
const (
	maxSieves  = 64
	sieveBytes = 32 << 20
)

// sieves are those of an index's filters, the least recently used leaving first.
type sieves struct {
	mu    sync.Mutex
	order list.List // of *kept, most recent first
	byKey map[string]*list.Element
}

type kept struct {
	key   string
	sieve *geo.Sieve
}

// of returns the filter's sieve, a new one if need be.
func (s *sieves) of(f *geo.Filter) *geo.Sieve {
	key := sieveKey(make([]byte, 0, 64), f)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byKey[string(key)]; ok {
		s.order.MoveToFront(e)
		s.shrink()
		return e.Value.(*kept).sieve
	}
	if s.byKey == nil {
		s.byKey = map[string]*list.Element{}
	}
	k := &kept{string(key), geo.NewSieve(f)}
	s.byKey[k.key] = s.order.PushFront(k)
	s.shrink()
	return k.sieve
}

// shrink drops sieves until both bounds hold. It may drop the one just asked
// for: whoever holds it may use it on.
func (s *sieves) shrink() {
	bytes := 0
	for e := s.order.Front(); e != nil; {
		k, next := e.Value.(*kept), e.Next()
		bytes += k.sieve.Bytes()
		if bytes > sieveBytes || s.order.Len() > maxSieves && next == nil {
			s.order.Remove(e)
			delete(s.byKey, k.key)
		}
		e = next
	}
}

// sieveKey returns bytes that differ when filters differ.
func sieveKey(b []byte, f *geo.Filter) []byte {
	public := byte(0)
	if f.Public {
		public = 1
	}
	b = append(b, public)
	b = binary.LittleEndian.AppendUint16(b, f.States)
	b = binary.LittleEndian.AppendUint16(b, f.Channels)
	b = binary.LittleEndian.AppendUint16(b, uint16(f.From))
	b = binary.LittleEndian.AppendUint16(b, uint16(f.To))
	b = binary.LittleEndian.AppendUint16(b, uint16(f.Area))
	for _, set := range [...]*geo.Set{f.Services, f.Teams} {
		if set != nil {
			b = append(b, '{')
			for i, w := range set {
				if w != 0 {
					b = binary.LittleEndian.AppendUint64(append(b, byte(i)), w)
				}
			}
		}
		b = append(b, 0xff)
	}
	return b
}

// question is a filter as an answer's drawing asks it: by a query, and by a
// sieve where the tile's grid is coarse. Even where ready sums answer the query,
// a sieve's are nearer: the edges of a cell are not those of blocks.
type question struct {
	query geo.Query
	sieve *geo.Sieve
}

// ask makes the filter ready for a grid of a zoom.
func (x *Index) ask(v view, f *Filter, a Access, grid geo.Zoom) question {
	g := v.dict.resolve(f, a)
	q := question{query: g.Query()}
	if grid <= geo.SieveZoom {
		q.sieve = x.sieves.of(&g)
	}
	return q
}
