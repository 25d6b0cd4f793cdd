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
}
