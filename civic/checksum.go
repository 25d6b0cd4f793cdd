package civic

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
)

// Sum is the checksum of a scope: two lanes, each the sum modulo 2³² of one
// hash per member. The zero Sum is that of an empty scope.
type Sum struct{ A, B uint32 }

// The bases of the two lanes and the FNV-1a-32 prime (sync protocol 1,
// Checksum).
const (
	sumBasisA = 0x811c9dc5
	sumBasisB = 0x9747b28c
	sumPrime  = 0x01000193
)

// SumOf is the contribution of one member at one rev.
func SumOf[T any](id ID[T], rev int64) Sum {
	var buf [24]byte
	copy(buf[:], id[:])
	binary.BigEndian.PutUint64(buf[16:], uint64(rev)) // #nosec G115 -- revs count from 1
	s := Sum{sumBasisA, sumBasisB}
	for _, c := range buf {
		s.A = (s.A ^ uint32(c)) * sumPrime
		s.B = (s.B ^ uint32(c)) * sumPrime
	}
	return s
}

// Add puts a contribution in.
func (s Sum) Add(o Sum) Sum { return Sum{s.A + o.A, s.B + o.B} }

// Sub takes a contribution out.
func (s Sum) Sub(o Sum) Sum { return Sum{s.A - o.A, s.B - o.B} }

// String is 16 lower-case hex digits, lane a first.
func (s Sum) String() string {
	var b [8]byte
	binary.BigEndian.PutUint32(b[:4], s.A)
	binary.BigEndian.PutUint32(b[4:], s.B)
	return hex.EncodeToString(b[:])
}

// ParseSum reads what String wrote.
func ParseSum(text string) (Sum, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 8 {
		return Sum{}, errors.New("a checksum is 16 hex digits")
	}
	return Sum{binary.BigEndian.Uint32(b[:4]), binary.BigEndian.Uint32(b[4:])}, nil
}

// MarshalText writes the hex form.
func (s Sum) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the hex form.
func (s *Sum) UnmarshalText(b []byte) error {
	parsed, err := ParseSum(string(b))
	*s = parsed
	return err
}
