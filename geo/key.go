package geo

import "math/bits"

// Key is the Morton number of a position: the bits of Y and X interleaved,
// Y above X, so that every cell of every zoom is one contiguous range of keys.
type Key uint64

// Key returns the Morton number of the position.
func (p Position) Key() Key { return Key(spread(p.X) | spread(p.Y)<<1) }

// Position returns the position whose Morton number is k.
func (k Key) Position() Position {
	return Position{X: squeeze(uint64(k)), Y: squeeze(uint64(k) >> 1)}
}

// Range is the keys from First to Last, both included.
type Range struct{ First, Last Key }

// Contains tells whether k lies in the range.
func (r Range) Contains(k Key) bool { return r.First <= k && k <= r.Last }

// Box is a rectangle of positions, its edges included.
type Box struct{ Min, Max Position }

// EmptyBox returns the box that holds nothing and that any union replaces.
func EmptyBox() Box {
	return Box{Min: Position{X: world - 1, Y: world - 1}}
}

// Add grows the box to hold p.
func (b *Box) Add(p Position) {
	b.Min.X, b.Max.X = min(b.Min.X, p.X), max(b.Max.X, p.X)
	b.Min.Y, b.Max.Y = min(b.Min.Y, p.Y), max(b.Max.Y, p.Y)
}

// Union grows the box to hold o.
func (b *Box) Union(o Box) {
	b.Min.X, b.Max.X = min(b.Min.X, o.Min.X), max(b.Max.X, o.Max.X)
	b.Min.Y, b.Max.Y = min(b.Min.Y, o.Min.Y), max(b.Max.Y, o.Max.Y)
}

// Side returns the longer side of the box, 0 for a point or nothing.
func (b Box) Side() uint32 {
	if b.Max.X < b.Min.X || b.Max.Y < b.Min.Y {
		return 0
	}
	return max(b.Max.X-b.Min.X, b.Max.Y-b.Min.Y)
}

// boxOf returns the smallest Morton cell that holds both keys, as a box.
func boxOf(a, b Key) Box {
	if a == b {
		p := a.Position()
		return Box{p, p}
	}
	low := uint(64-bits.LeadingZeros64(uint64(a^b))+1) / 2
	p := a.Position()
	mask := uint32(uint64(1)<<low - 1)
	return Box{
		Min: Position{p.X &^ mask, p.Y &^ mask},
		Max: Position{p.X | mask, p.Y | mask},
	}
}

func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

func squeeze(x uint64) uint32 {
	x &= 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}
