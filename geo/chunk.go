package geo

import "slices"

// chunkRows is the greatest number of rows in a chunk: 256 rows are what one
// change copies, 11 kB.
const chunkRows = 256

// chunk is up to chunkRows rows in the order of key and id, as columns of exactly
// their length. A published chunk never changes; versions share columns.
type chunk struct {
	keys    []Key
	attrs   []Attributes
	ids     []ID
	details []detail
	blocks  []block
	total   total
}

func (c *chunk) len() int      { return len(c.keys) }
func (c *chunk) first() rowKey { return rowKey{c.keys[0], c.ids[0]} }
func (c *chunk) last() Key     { return c.keys[len(c.keys)-1] }

// rowKey orders rows: many reports may share one position.
type rowKey struct {
	key Key
	id  ID
}

func (k rowKey) compare(o rowKey) int {
	switch {
	case k.key < o.key:
		return -1
	case k.key > o.key:
		return 1
	}
	return k.id.Compare(o.id)
}

// find returns the first row at or after from that is not below k, and whether
// it is k.
func (c *chunk) find(k rowKey, from int) (int, bool) {
	i := from + lowerBound(c.keys[from:], k.key)
	for i < len(c.keys) && c.keys[i] == k.key {
		switch c.ids[i].Compare(k.id) {
		case 0:
			return i, true
		case 1:
			return i, false
		}
		i++
	}
	return i, false
}

// lowerBound returns the number of keys below k; it is slices.BinarySearch
// without its comparison function.
func lowerBound(keys []Key, k Key) int {
	i, j := 0, len(keys)
	for i < j {
		h := int(uint(i+j) >> 1)
		if keys[h] < k {
			i = h + 1
		} else {
			j = h
		}
	}
	return i
}

func (c *chunk) entry(i int) Entry {
	d := &c.details[i]
	return Entry{
		ID: c.ids[i], Key: c.keys[i], Attributes: c.attrs[i],
		Code: d.code, Created: d.created, Rev: d.rev, Aside: d.aside,
	}
}

func (c *chunk) append(e *Entry) {
	c.keys = append(c.keys, e.Key)
	c.attrs = append(c.attrs, e.Attributes)
	c.ids = append(c.ids, e.ID)
	c.details = append(c.details, detail{e.Code, e.Created, e.Rev, e.Aside})
}

func (c *chunk) appendRows(o *chunk, i, j int) {
	c.keys = append(c.keys, o.keys[i:j]...)
	c.attrs = append(c.attrs, o.attrs[i:j]...)
	c.ids = append(c.ids, o.ids[i:j]...)
	c.details = append(c.details, o.details[i:j]...)
}

func newChunk(n int) *chunk {
	return &chunk{
		keys: make([]Key, 0, n), attrs: make([]Attributes, 0, n),
		ids: make([]ID, 0, n), details: make([]detail, 0, n),
	}
}

func (c *chunk) digest(i int) uint64 { return digest(c.ids[i], c.details[i].rev) }

// sum fills the blocks from the given one on, and the total.
func (c *chunk) sum(from int) {
	n := c.len()
	want := (n + blockRows - 1) / blockRows
	c.blocks = slices.Grow(c.blocks[:from:from], want-from)[:want]
	for b := from; b < want; b++ {
		c.blocks[b] = block{}
		for i := b * blockRows; i < min(n, (b+1)*blockRows); i++ {
			c.blocks[b].count(c.keys[i], c.attrs[i], c.digest(i), 1)
		}
	}
	c.sumBlocks()
}

func (c *chunk) sumBlocks() {
	c.total = total{}
	for b := range c.blocks {
		c.total.addBlock(&c.blocks[b])
	}
}

// split returns the rows as chunks of at most chunkRows, all about equal.
func (c *chunk) split() []*chunk {
	n := c.len()
	parts := (n + chunkRows - 1) / chunkRows
	out := make([]*chunk, 0, parts)
	for p := range parts {
		i, j := p*n/parts, (p+1)*n/parts
		part := newChunk(j - i)
		part.appendRows(c, i, j)
		part.sum(0)
		out = append(out, part)
	}
	return out
}
