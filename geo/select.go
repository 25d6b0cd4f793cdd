package geo

import "math/bits"

// wants says which tests a query has beside its mask.
type wants uint8

const (
	wantStates wants = 1 << iota
	wantChannels
	wantDays
)

// decide notes the tests that the mask does not already make.
func (m *Query) decide(f *Filter) {
	const states, channels = 1<<StateCount - 1, 1<<(MaxChannel+1) - 1
	if s := m.states & states; s != states && bits.OnesCount64(s) != 1 {
		m.wants |= wantStates
	}
	if c := m.channels & channels; c != channels && bits.OnesCount64(c) != 1 {
		m.wants |= wantChannels
	}
	if f.From != 0 || f.To != 0 {
		m.wants |= wantDays
	}
}

// selected returns one bit for each row, at most 64, that matches. It has no
// branch in its loops: what a random half of the rows decides is mispredicted
// half the time, which costs five times the test.
func (m *Query) selected(attrs []Attributes) uint64 {
	out := uint64(0)
	mask, want := m.mask, m.want
	if m.wants == 0 {
		for i := len(attrs) - 1; i >= 0; i-- {
			d := uint64(attrs[i]&mask ^ want)
			out = out<<1 | ^(d|-d)>>63
		}
	} else {
		states, channels, from, span := m.states, m.channels, int64(m.from), int64(m.span)
		for i := len(attrs) - 1; i >= 0; i-- {
			a := attrs[i]
			d := uint64(a&mask ^ want)
			t := int64(a>>dayShift) - from
			ok := ^(d | -d | uint64(t|(span-t))) >> 63
			out = out<<1 | ok&(states>>(a&15))&(channels>>(a>>channelShift&MaxChannel))
		}
	}
	if m.sets == 0 {
		return out
	}
	for rest := out; rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros64(rest); !m.inSets(attrs[i]) {
			out &^= 1 << i
		}
	}
	return out
}

// block adds the rows of one block, i to j of the chunk, that match. Where most
// do, the others are taken from the block's ready sums.
func (t *Tally) block(m *Query, c *chunk, i, j int) {
	chosen := m.selected(c.attrs[i:j])
	n := bits.OnesCount64(chosen)
	if n == 0 {
		return
	}
	keys, attrs := c.keys[i:j], c.attrs[i:j]
	if whole := j - i; n*2 <= whole || i%blockRows != 0 || j != min(c.len(), i+blockRows) {
		t.pick(keys, attrs, chosen)
		return
	}
	b := &c.blocks[i/blockRows]
	t.Open += uint32(b.n[0]) + uint32(b.n[2])
	t.Closed += uint32(b.n[1]) + uint32(b.n[3])
	for k := range classes {
		t.SumX += b.sx[k]
		t.SumY += b.sy[k]
	}
	others := Tally{Box: EmptyBox()}
	others.pick(keys, attrs, ^chosen<<(64-len(keys))>>(64-len(keys)))
	t.Open -= others.Open
	t.Closed -= others.Closed
	t.SumX -= others.SumX
	t.SumY -= others.SumY
	t.Box.Union(boxOf(keys[bits.TrailingZeros64(chosen)], keys[bits.Len64(chosen)-1]))
}

// boxRows is the number of rows from which the box is drawn around the first
// and the last, which are far apart where it matters.
const boxRows = 9

// pick adds the chosen rows one by one.
func (t *Tally) pick(keys []Key, attrs []Attributes, chosen uint64) {
	n := bits.OnesCount64(chosen)
	if n == 0 {
		return
	}
	exact := n < boxRows
	var closed uint32
	var sx, sy uint64
	for rest := chosen; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros64(rest)
		p := keys[i].Position()
		closed += uint32(ClosedStates>>(attrs[i]&15)) & 1
		sx += uint64(p.X)
		sy += uint64(p.Y)
		if exact {
			t.Box.Add(p)
		}
	}
	t.Open += uint32(n) - closed
	t.Closed += closed
	t.SumX += sx
	t.SumY += sy
	if !exact {
		t.Box.Union(boxOf(keys[bits.TrailingZeros64(chosen)], keys[bits.Len64(chosen)-1]))
	}
}
