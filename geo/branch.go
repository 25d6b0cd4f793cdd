package geo

// branchChunks is the greatest number of chunks in a branch, sparse the number
// of rows under which a changed chunk joins its neighbour.
const (
	branchChunks = 128
	sparse       = chunkRows / 4
)

// branch is a run of chunks. A published branch never changes.
type branch struct {
	firsts []Key // the first key of each chunk
	chunks []*chunk
	total  total
}

func newBranch(chunks []*chunk) *branch {
	b := &branch{chunks: chunks, firsts: make([]Key, len(chunks))}
	for i, c := range chunks {
		b.firsts[i] = c.keys[0]
		b.total.add(&c.total)
	}
	return b
}

func (b *branch) last() Key { return b.chunks[len(b.chunks)-1].last() }

// holder returns the index of the chunk that holds, or would hold, the row.
func (b *branch) holder(k rowKey) int {
	i := lowerBound(b.firsts, k.key)
	for i < len(b.chunks) && b.firsts[i] == k.key && b.chunks[i].ids[0].Compare(k.id) <= 0 {
		i++
	}
	return max(i-1, 0)
}

// apply returns the branch with the edits made, as none, one or more branches.
// Sums and first keys of untouched chunks are carried over: reading 128 chunks
// again costs more than the change.
func (b *branch) apply(edits []edit) []*branch {
	n := len(b.chunks) + 1
	next := &branch{firsts: make([]Key, 0, n), chunks: make([]*chunk, 0, n), total: b.total}
	done := 0
	for len(edits) > 0 {
		i := b.holder(edits[0].at)
		n := 1
		for n < len(edits) && (i+1 == len(b.chunks) || edits[n].at.compare(b.chunks[i+1].first()) < 0) {
			n++
		}
		next.carry(b, done, i)
		next.total.sub(&b.chunks[i].total)
		for _, c := range b.chunks[i].apply(edits[:n]) {
			next.total.add(&c.total)
			next.append(c)
		}
		done, edits = i+1, edits[n:]
	}
	next.carry(b, done, len(b.chunks))
	switch n := len(next.chunks); {
	case n == 0:
		return nil
	case n <= branchChunks:
		return []*branch{next}
	}
	return cutBranches(next.chunks)
}

func (b *branch) carry(o *branch, i, j int) {
	b.firsts = append(b.firsts, o.firsts[i:j]...)
	b.chunks = append(b.chunks, o.chunks[i:j]...)
}

// append appends a chunk; a sparse one joins its predecessor.
func (b *branch) append(c *chunk) {
	if last := len(b.chunks) - 1; last >= 0 && c.len() < sparse {
		p := b.chunks[last]
		if n := p.len() + c.len(); n <= chunkRows {
			both := newChunk(n)
			both.appendRows(p, 0, p.len())
			both.appendRows(c, 0, c.len())
			both.sum(0)
			b.chunks[last] = both
			return
		}
	}
	b.firsts = append(b.firsts, c.keys[0])
	b.chunks = append(b.chunks, c)
}

func cutBranches(chunks []*chunk) []*branch {
	n := len(chunks)
	if n == 0 {
		return nil
	}
	parts := (n + branchChunks - 1) / branchChunks
	out := make([]*branch, 0, parts)
	for p := range parts {
		out = append(out, newBranch(chunks[p*n/parts:(p+1)*n/parts:(p+1)*n/parts]))
	}
	return out
}
