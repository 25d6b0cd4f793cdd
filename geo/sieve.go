package geo

import (
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"
)

// SieveZoom is the finest zoom of the cells whose tallies a Sieve keeps: the
// grid of a tile of zoom 9.
const SieveZoom Zoom = 13

// sieveLevels are the zooms of the cells: each tile adds up at most 64 for one
// cell of its grid, but for the coarsest.
const (
	sieveLevels = 3
	levelZooms  = 3
)

// level returns which tallies serve a grid of zoom z.
func level(z Zoom) int {
	for l := sieveLevels - 1; l > 0; l-- {
		if z+levelZooms*Zoom(l) <= SieveZoom {
			return l
		}
	}
	return 0
}

// Sieve keeps what one query finds in each cell of SieveZoom and of two coarser
// zooms, so that a filtered tile of a low zoom adds up cells instead of reading
// every report that it covers. It is filled by what is asked of it, branch by branch; a branch never
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
	levels [sieveLevels][]leaf // the finest first
	bytes  atomic.Int64        // 0 until read
}

// leaf is what it finds in one cell, in one branch.
type leaf struct {
	first Key // of the first report that matches
	tally Tally
}

const leafShift = 2 * (MaxZoom - SieveZoom)

// NewSieve returns an empty sieve for the filter.
func NewSieve(f *Filter) *Sieve { return &Sieve{query: f.Query()} }

// Bytes returns about what the sieve's tallies take.
func (v *Sieve) Bytes() int { return int(v.bytes.Load()) }

// Each calls f with tallies that make up the range's cells of zoom z, at most
// SieveZoom, that hold a matching report, in the order of keys, and with the key
// of the first such report of each: a cell may come in several parts, one after
// the other. The range is made of whole cells; all snapshots are of one index
// and its successors.
func (v *Sieve) Each(s *Snapshot, r Range, z Zoom, f func(first Key, t *Tally)) {
	parts, level := v.over(s), level(z)
	for i := max(0, lowerBound(s.root.firsts, r.First)-1); i < len(parts) && s.root.firsts[i] <= r.Last; i++ {
		b := s.root.branches[i]
		if b.last() < r.First {
			continue
		}
		parts[i].once.Do(func() { v.bytes.Add(parts[i].fill(&v.query, b)) })
		leaves := parts[i].levels[level]
		for j := find(leaves, r.First); j < len(leaves) && leaves[j].first <= r.Last; j++ {
			f(leaves[j].first, &leaves[j].tally)
		}
	}
}

// fill reads a branch and returns what the part takes.
func (p *part) fill(m *Query, b *branch) int64 {
	p.levels[0] = m.sift(b)
	n := len(p.levels[0])
	for l := 1; l < sieveLevels; l++ {
		p.levels[l] = fold(p.levels[l-1], leafShift+2*levelZooms*Zoom(l))
		n += len(p.levels[l])
	}
	p.bytes.Store(int64(n) * int64(unsafe.Sizeof(leaf{})))
	return p.bytes.Load()
}

// fold adds up the leaves whose keys agree above shift bits.
func fold(leaves []leaf, shift Zoom) []leaf {
	var out []leaf
	for i := range leaves {
		l := &leaves[i]
		if n := len(out); n > 0 && out[n-1].first>>shift == l.first>>shift {
			out[n-1].tally.Add(&l.tally)
		} else {
			out = append(out, *l)
		}
	}
	return append(make([]leaf, 0, len(out)), out...)
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

func find(leaves []leaf, k Key) int {
	return sort.Search(len(leaves), func(i int) bool { return leaves[i].first >= k })
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
			t.rows(m, c, i, j)
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
