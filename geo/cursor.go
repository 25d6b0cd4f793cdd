package geo

// Cursor walks the rows of a snapshot in the order of their keys, forwards. It
// is a value: a copy walks on its own. One goroutine uses it at a time.
type Cursor struct {
	r       *root
	b, c, i int
}

// Key returns the key of the row that the cursor is at, false at the end.
func (c *Cursor) Key() (Key, bool) {
	if c.b == len(c.r.branches) {
		return 0, false
	}
	return c.chunk().keys[c.i], true
}

func (c *Cursor) chunk() *chunk { return c.r.branches[c.b].chunks[c.c] }

// Seek moves forwards to the first row at or above k.
func (c *Cursor) Seek(k Key) {
	if c.b == len(c.r.branches) {
		return
	}
	if c.chunk().last() < k {
		c.leap(k)
		if c.b == len(c.r.branches) {
			return
		}
	}
	ch := c.chunk()
	c.i += lowerBound(ch.keys[c.i:], k)
}

// leap moves to the start of the first chunk whose last key is at or above k.
func (c *Cursor) leap(k Key) {
	br := c.r.branches[c.b]
	if br.last() < k {
		// The last branch that starts below k may hold k; else the next does.
		c.b += max(0, lowerBound(c.r.firsts[c.b+1:], k))
		if c.r.branches[c.b].last() < k {
			c.b++
		}
		c.c, c.i = 0, 0
		if c.b == len(c.r.branches) {
			return
		}
		br = c.r.branches[c.b]
	}
	if br.chunks[c.c].last() < k {
		c.c += lowerBound(br.firsts[c.c+1:], k)
		if br.chunks[c.c].last() < k {
			c.c++
		}
		c.i = 0
	}
}

// Tally adds the rows from the cursor to last, included, that match, and moves
// past them. Where the query asks for whole groups only, ready sums of blocks,
// chunks and branches are added instead of rows.
func (c *Cursor) Tally(last Key, m *Query, t *Tally) {
	for c.b < len(c.r.branches) {
		br := c.r.branches[c.b]
		if m.ready && c.c == 0 && c.i == 0 && br.last() <= last {
			t.total(m, &br.total, br.firsts[0], br.last())
			c.b++
			continue
		}
		ch := br.chunks[c.c]
		if ch.last() > last {
			if ch.keys[c.i] <= last {
				end := c.i + upperBound(ch.keys[c.i:], last)
				t.rows(m, ch, c.i, end)
				c.i = end
			}
			return
		}
		if m.ready && c.i == 0 {
			t.total(m, &ch.total, ch.keys[0], ch.last())
		} else {
			t.rows(m, ch, c.i, ch.len())
		}
		c.next(br)
	}
}

// next moves to the next chunk.
func (c *Cursor) next(br *branch) {
	c.i = 0
	if c.c++; c.c == len(br.chunks) {
		c.c = 0
		c.b++
	}
}

// Each calls f for the rows from the cursor to last, included, that match, and
// moves past them. It stops early, past that row, when f returns false.
func (c *Cursor) Each(last Key, m *Query, f func(Entry) bool) {
	for c.b < len(c.r.branches) {
		br := c.r.branches[c.b]
		ch := br.chunks[c.c]
		for c.i < ch.len() {
			i := c.i
			if ch.keys[i] > last {
				return
			}
			c.i++
			if m.match(ch.attrs[i]) && !f(ch.entry(i)) {
				if c.i == ch.len() {
					c.next(br)
				}
				return
			}
		}
		c.next(br)
	}
}

func (c *Cursor) digest(last Key, d *[2]uint64) {
	for c.b < len(c.r.branches) {
		br := c.r.branches[c.b]
		if c.c == 0 && c.i == 0 && br.last() <= last {
			d[0] += br.total.digest[0]
			d[1] += br.total.digest[1]
			c.b++
			continue
		}
		ch := br.chunks[c.c]
		end := ch.len()
		if ch.last() > last {
			end = c.i + upperBound(ch.keys[c.i:], last)
		}
		ch.digests(c.i, end, d)
		if end < ch.len() {
			c.i = end
			return
		}
		c.next(br)
	}
}

// digests adds the digests of the rows i to j, by blocks where they are whole.
func (c *chunk) digests(i, j int, d *[2]uint64) {
	if i == 0 && j == c.len() {
		d[0] += c.total.digest[0]
		d[1] += c.total.digest[1]
		return
	}
	for i < j {
		if i%blockRows == 0 && i+blockRows <= j {
			b := &c.blocks[i/blockRows]
			d[0] += b.digest[0]
			d[1] += b.digest[1]
			i += blockRows
			continue
		}
		d[c.attrs[i].class()>>1] += c.digest(i)
		i++
	}
}

func upperBound(keys []Key, k Key) int {
	if k == ^Key(0) {
		return len(keys)
	}
	return lowerBound(keys, k+1)
}
