package geo

// classes is public × status group: hidden open, hidden closed, public open,
// public closed.
const classes = 4

// total sums up rows: how many of each class, where, and their digests apart
// for the hidden (0) and the public (1).
type total struct {
	n      [classes]uint32
	sx, sy [classes]uint64
	digest [2]uint64
}

func (t *total) add(o *total) {
	for c := range classes {
		t.n[c] += o.n[c]
		t.sx[c] += o.sx[c]
		t.sy[c] += o.sy[c]
	}
	t.digest[0] += o.digest[0]
	t.digest[1] += o.digest[1]
}

func (t *total) sub(o *total) {
	for c := range classes {
		t.n[c] -= o.n[c]
		t.sx[c] -= o.sx[c]
		t.sy[c] -= o.sy[c]
	}
	t.digest[0] -= o.digest[0]
	t.digest[1] -= o.digest[1]
}

func (t *total) rows() int { return int(t.n[0] + t.n[1] + t.n[2] + t.n[3]) }

// blockRows is the number of rows that share one ready sum.
const blockRows = 64

// block is the total of at most blockRows rows of a chunk. It differs from
// total only in the width of its counts: blocks are what memory is spent on.
type block struct {
	sx, sy [classes]uint64
	digest [2]uint64
	n      [classes]uint8
}

// count adds the row with sign 1 or takes it away with sign ^0, modulo 2⁶⁴.
func (b *block) count(k Key, a Attributes, d, sign uint64) {
	p, c := k.Position(), a.class()
	b.n[c] += uint8(sign)
	b.sx[c] += uint64(p.X) * sign
	b.sy[c] += uint64(p.Y) * sign
	b.digest[c>>1] += d * sign
}

func (t *total) addBlock(b *block) {
	for c := range classes {
		t.n[c] += uint32(b.n[c])
		t.sx[c] += b.sx[c]
		t.sy[c] += b.sy[c]
	}
	t.digest[0] += b.digest[0]
	t.digest[1] += b.digest[1]
}
