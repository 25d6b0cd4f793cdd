package geo

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// ID is the UUID of a report.
type ID [16]byte

// Compare orders ids by their bytes.
func (i ID) Compare(o ID) int { return bytes.Compare(i[:], o[:]) }

// Entry is one report in the index.
type Entry struct {
	ID         ID
	Key        Key
	Attributes Attributes
	Code       uint32 // the digits of the report's code, below 10⁸
	Created    Instant
	Rev        uint32 // counts the report's changes from 1
	Aside      Aside
}

// toAnybody keeps what a public tile may tell, whether or not the report is public:
// where it lies on the street, what and how it is, and its day.
func (e Entry) toAnybody() Entry {
	e.Attributes &^= MaxTeam << teamShift
	e.Rev, e.Created, e.Aside = 0, 0, Aside{}
	return e
}

// Aside is how far a thing lies from where its key says, in units of Position:
// 9 mm at the equator, so up to about 300 m. What anybody may see is told by the
// key; an Aside is for those who may know better.
type Aside struct{ X, Y int16 }

// AsideOf is the way from a position to another, zero when it is too far.
func AsideOf(from, to Position) Aside {
	x, y := int64(to.X)-int64(from.X), int64(to.Y)-int64(from.Y)
	if x != int64(int16(x)) || y != int64(int16(y)) {
		return Aside{}
	}
	return Aside{int16(x), int16(y)}
}

// Exact is where the thing lies.
func (e *Entry) Exact() Position {
	p := e.Key.Position()
	return Position{uint32(int64(p.X) + int64(e.Aside.X)), uint32(int64(p.Y) + int64(e.Aside.Y))} // #nosec G115 -- wraps nowhere: see AsideOf
}

// Digest returns 64 mixed bits of the id and rev. Sums of digests tell one set
// of reports from another, whatever the order in which it came to be.
func (e *Entry) Digest() uint64 { return digest(e.ID, e.Rev) }

func digest(id ID, rev uint32) uint64 {
	a := binary.LittleEndian.Uint64(id[:8])
	b := binary.LittleEndian.Uint64(id[8:])
	// The multipliers are wyhash's; any two odd numbers with mixed bits do.
	h, l := bits.Mul64(a^0xa0761d6478bd642f, b^uint64(rev)*0xe7037ed1a0b428db^0x8ebc6af09c88c6e3)
	h ^= l ^ uint64(rev)
	h, l = bits.Mul64(h^0x589965cc75374cc3, 0x1d8e4e27c47d124f)
	return h ^ l
}

// detail is what only a single report's feature shows.
type detail struct {
	code    uint32
	created Instant
	rev     uint32
	aside   Aside
}
