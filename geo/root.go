package geo

// root is all branches in order. A published root never changes.
type root struct {
	firsts   []Key
	branches []*branch
	total    total
}

func newRoot(branches []*branch) *root {
	r := &root{branches: branches, firsts: make([]Key, len(branches))}
	for i, b := range branches {
		r.firsts[i] = b.firsts[0]
		r.total.add(&b.total)
	}
	return r
}

func (r *root) holder(k rowKey) int {
	i := lowerBound(r.firsts, k.key)
	for i < len(r.branches) && r.firsts[i] == k.key && r.branches[i].chunks[0].ids[0].Compare(k.id) <= 0 {
		i++
	}
	return max(i-1, 0)
}

// apply returns the root with the edits, sorted by row, made.
func (r *root) apply(edits []edit) *root {
	if len(r.branches) == 0 {
		return newRoot(cutBranches((&chunk{}).fill(edits)))
	}
	n := len(r.branches) + 1
	next := &root{firsts: make([]Key, 0, n), branches: make([]*branch, 0, n), total: r.total}
	done := 0
	for len(edits) > 0 {
		i := r.holder(edits[0].at)
		n := 1
		for n < len(edits) && (i+1 == len(r.branches) || edits[n].at.compare(r.branches[i+1].chunks[0].first()) < 0) {
			n++
		}
		next.carry(r, done, i)
		next.total.sub(&r.branches[i].total)
		for _, b := range r.branches[i].apply(edits[:n]) {
			next.total.add(&b.total)
			next.append(b)
		}
		done, edits = i+1, edits[n:]
	}
	next.carry(r, done, len(r.branches))
	return next
}

func (r *root) carry(o *root, i, j int) {
	r.firsts = append(r.firsts, o.firsts[i:j]...)
	r.branches = append(r.branches, o.branches[i:j]...)
}

// append appends a branch; one that has become small joins its predecessor.
func (r *root) append(b *branch) {
	if last := len(r.branches) - 1; last >= 0 && len(b.chunks) < branchChunks/4 {
		p := r.branches[last]
		if n := len(p.chunks) + len(b.chunks); n <= branchChunks {
			both := append(make([]*chunk, 0, n), p.chunks...)
			r.branches[last] = newBranch(append(both, b.chunks...))
			return
		}
	}
	r.firsts = append(r.firsts, b.firsts[0])
	r.branches = append(r.branches, b)
}

// fill makes chunks of the rows that the edits put.
func (c *chunk) fill(edits []edit) []*chunk {
	for i := range edits {
		if edits[i].entry != nil {
			c.append(edits[i].entry)
		}
	}
	return c.split()
}

// entry finds a row.
func (r *root) entry(k rowKey) (Entry, bool) {
	if len(r.branches) == 0 {
		return Entry{}, false
	}
	b := r.branches[r.holder(k)]
	c := b.chunks[b.holder(k)]
	i, ok := c.find(k, 0)
	if !ok {
		return Entry{}, false
	}
	return c.entry(i), true
}
