package geo

import (
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"
)

// SieveZoom is the zoom of the cells whose tallies a Sieve keeps: the grid of
// a tile of zoom 9.
const SieveZoom Zoom = 13

// Sieve keeps what one query finds in each cell of SieveZoom, so that a filtered
// tile of a low zoom adds up cells instead of reading every report that it
// covers. It is filled by what is asked of it, branch by branch; a branch never
// changes, so a change of one report makes only its own branch be read again.
//
// Any number of goroutines use it. It keeps no snapshot alive.
type Sieve struct {
	query Query
	bytes atomic.Int64

	mu   sync.Mutex
	last sieved
}

// sieved is the parts of one snapshot, in the order of its branches.
type sieved struct {
	version  uint64
	firsts   []Key
	branches []weak.Pointer[branch]
	parts    []*part
}

// part is what the query finds in one branch.
type part struct {
	once   sync.Once
	leaves []leaf
	bytes  atomic.Int64 // 0 until read
}

// leaf is what it finds in one cell of SieveZoom in one branch.
type leaf struct {
	first Key // of the first report that matches
	tally Tally
}

const leafShift = 2 * (MaxZoom - SieveZoom)

// NewSieve returns an empty sieve for the filter.
func NewSieve(f *Filter) *Sieve { return &Sieve{query: f.Query()} }

// Bytes returns about what the sieve's tallies take.
func (v *Sieve) Bytes() int { return int(v.bytes.Load()) }

// Each calls f with the tallies of the range's cells that hold a matching
// report, in the order of keys, and with the key of the first such report. A
// cell may come in several parts, one after the other. The range is made of
// whole cells of SieveZoom or of a coarser zoom; all snapshots are of one index
// and its successors.
func (v *Sieve) Each(s *Snapshot, r Range, f func(first Key, t *Tally)) {
	parts := v.over(s)
	for i := max(0, lowerBound(s.root.firsts, r.First)-1); i < len(parts) && s.root.firsts[i] <= r.Last; i++ {
		b := s.root.branches[i]
		if b.last() < r.First {
			continue
		}
		p := parts[i]
		p.once.Do(func() {
			p.leaves = v.query.sift(b)
			p.bytes.Store(int64(len(p.leaves)) * int64(unsafe.Sizeof(leaf{})))
			v.bytes.Add(p.bytes.Load())
		})
		for j := p.find(r.First); j < len(p.leaves) && p.leaves[j].first <= r.Last; j++ {
			f(p.leaves[j].first, &p.leaves[j].tally)
		}
	}
}

// over returns the parts of a snapshot: those of branches seen last time are
// kept.
func (v *Sieve) over(s *Snapshot) []*part {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last.version == s.version {
		return v.last.parts
	}
	n := len(s.root.branches)
	next := sieved{
		version: s.version, firsts: s.root.firsts,
		branches: make([]weak.Pointer[branch], n), parts: make([]*part, n),
	}
	j := 0
	for i, b := range s.root.branches {
		for j < len(v.last.parts) && v.last.firsts[j] < b.firsts[0] {
			j++
		}
		if j < len(v.last.parts) && v.last.branches[j].Value() == b {
			next.branches[i], next.parts[i] = v.last.branches[j], v.last.parts[j]
			j++
		} else {
			next.branches[i], next.parts[i] = weak.Make(b), new(part)
		}
	}
	if s.version < v.last.version {
		return next.parts // a reader of an older snapshot fills its own
	}
	v.last = next
	v.recount()
	return next.parts
}

// recount forgets the bytes of parts that were left behind. A part that is being
// read meanwhile may be counted or not: the sum is for bounding, not for exactness.
func (v *Sieve) recount() {
	n := int64(0)
	for _, p := range v.last.parts {
		n += p.bytes.Load()
	}
	v.bytes.Store(n)
}

func (p *part) find(k Key) int {
	i, j := 0, len(p.leaves)
	for i < j {
		h := int(uint(i+j) >> 1)
		if p.leaves[h].first < k {
			i = h + 1
		} else {
			j = h
		}
	}
	return i
}

// sift reads a branch.
func (m *Query) sift(b *branch) []leaf {
	var out []leaf
	at := ^Key(0) // the last leaf's cell
	for _, c := range b.chunks {
		for i := 0; i < c.len(); {
			j := min(c.len(), i-i%blockRows+blockRows)
			cell := c.keys[i] >> leafShift
			if c.keys[j-1]>>leafShift != cell {
				j = i + upperBound(c.keys[i:j], cell<<leafShift|(1<<leafShift-1))
			}
			t := Tally{Box: EmptyBox()}
			t.block(m, c, i, j)
			if t.Count() > 0 {
				if cell != at {
					at = cell
					out = append(out, leaf{first: m.first(c, i, j), tally: Tally{Box: EmptyBox()}})
				}
				out[len(out)-1].tally.Add(&t)
			}
			i = j
		}
	}
	return append(make([]leaf, 0, len(out)), out...)
}

// first returns the key of the first row, from i on, that matches.
func (m *Query) first(c *chunk, i, j int) Key {
	for ; i < j; i++ {
		if m.match(c.attrs[i]) {
			break
		}
	}
	return c.keys[i]
}
