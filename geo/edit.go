package geo

import "slices"

// edit is one row to put (present or not) or to take away (present).
type edit struct {
	at     rowKey
	entry  *Entry // nil takes the row away
	row    int    // where at is found in the chunk, or would be
	exists bool
}

func sortEdits(e []edit) {
	slices.SortFunc(e, func(a, b edit) int { return a.at.compare(b.at) })
}

// apply returns the chunk with the edits made: one chunk, several when it
// overflows, none when nothing is left. The edits are sorted by row.
func (c *chunk) apply(edits []edit) []*chunk {
	n, moved := c.len(), false
	row := 0
	for i := range edits {
		e := &edits[i]
		e.row, e.exists = c.find(e.at, row)
		row = e.row
		switch {
		case e.entry == nil && e.exists:
			n--
			moved = true
		case e.entry != nil && !e.exists:
			n++
			moved = true
		}
	}
	switch {
	case n == 0:
		return nil
	case !moved:
		return []*chunk{c.replace(edits)}
	}
	next := c.rewrite(edits, n)
	if n > chunkRows {
		return next.split()
	}
	if len(edits) == 1 {
		next.shift(c, &edits[0])
	} else {
		keep := edits[0].row / blockRows
		next.blocks = append(make([]block, 0, (n+blockRows-1)/blockRows), c.blocks[:keep]...)
		next.sum(keep)
	}
	return []*chunk{next}
}

// replace makes edits that move no row; keys and ids stay shared.
func (c *chunk) replace(edits []edit) *chunk {
	next := &chunk{
		keys: c.keys, ids: c.ids,
		attrs:   append(make([]Attributes, 0, len(c.attrs)), c.attrs...),
		details: append(make([]detail, 0, len(c.details)), c.details...),
		blocks:  append(make([]block, 0, len(c.blocks)), c.blocks...),
	}
	for i := range edits {
		e := &edits[i]
		if !e.exists {
			continue
		}
		b := &next.blocks[e.row/blockRows]
		b.count(e.at.key, next.attrs[e.row], next.digest(e.row), ^uint64(0))
		next.attrs[e.row] = e.entry.Attributes
		next.details[e.row] = detail{e.entry.Code, e.entry.Created, e.entry.Rev, e.entry.Aside}
		b.count(e.at.key, next.attrs[e.row], next.digest(e.row), 1)
	}
	next.sumBlocks()
	return next
}

// rewrite copies the rows between the edits into new columns of n rows.
func (c *chunk) rewrite(edits []edit, n int) *chunk {
	next := newChunk(n)
	done := 0
	for i := range edits {
		e := &edits[i]
		next.appendRows(c, done, e.row)
		done = e.row
		if e.exists {
			done++
		}
		if e.entry != nil {
			next.append(e.entry)
		}
	}
	next.appendRows(c, done, c.len())
	return next
}

// shift derives the blocks of next, which has one row more or less than old:
// each later block only passes a row to its neighbour.
func (c *chunk) shift(old *chunk, e *edit) {
	n := c.len()
	want := (n + blockRows - 1) / blockRows
	c.blocks = append(make([]block, 0, want), old.blocks[:min(want, len(old.blocks))]...)
	c.blocks = c.blocks[:want]
	const take = ^uint64(0)
	count := func(b int, from *chunk, row int, sign uint64) {
		if b < want {
			c.blocks[b].count(from.keys[row], from.attrs[row], from.digest(row), sign)
		}
	}
	b := e.row / blockRows
	if e.entry != nil {
		count(b, c, e.row, 1)
		for end := (b + 1) * blockRows; end < n; end += blockRows {
			count(end/blockRows-1, c, end, take)
			count(end/blockRows, c, end, 1)
		}
	} else {
		count(b, old, e.row, take)
		for end := (b + 1) * blockRows; end < old.len(); end += blockRows {
			count(end/blockRows-1, old, end, 1)
			count(end/blockRows, old, end, take)
		}
	}
	c.sumBlocks()
}
