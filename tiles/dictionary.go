package tiles

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"segnavia/geo"
)

// Service names a service for filters and features.
type Service struct {
	ID    uuid.UUID
	Code  string // the public code; empty stands for the id
	Group string
}

// dictionary gives small numbers to ids. A published dictionary never changes;
// its successors keep its numbers, so a dictionary read after a snapshot knows
// every number in it.
type dictionary struct {
	services []Service // by geo.Service; 0 is none
	service  map[uuid.UUID]geo.Service
	team     map[uuid.UUID]geo.Team
	area     map[uuid.UUID]geo.Area
	prefixes []string // of codes, by the top five bits of geo.Entry.Code
	digest   uint64   // of what features show: the same on every node
	turn     uint64   // counts the dictionaries of this index, on this node
	zone     *time.Location
}

func newDictionary(zone *time.Location) *dictionary {
	return &dictionary{
		zone:     zone,
		services: make([]Service, 1),
		service:  map[uuid.UUID]geo.Service{},
		team:     map[uuid.UUID]geo.Team{},
		area:     map[uuid.UUID]geo.Area{},
		prefixes: make([]string, 0, maxPrefixes),
	}
}

func (d *dictionary) clone() *dictionary {
	return &dictionary{
		services: slices.Clone(d.services), service: maps.Clone(d.service),
		team: maps.Clone(d.team), area: maps.Clone(d.area),
		prefixes: slices.Clone(d.prefixes), digest: d.digest, turn: d.turn + 1, zone: d.zone,
	}
}

// dayOf returns the day of an instant in the town.
func (d *dictionary) dayOf(at geo.Instant) geo.Day {
	y, m, day := at.Time().In(d.zone).Date()
	return geo.DayOf(time.Date(y, m, day, 0, 0, 0, 0, time.UTC))
}

const (
	codeBits    = 27 // hold the 8 digits of a code
	maxPrefixes = 1 << (32 - codeBits)
)

// appendCode writes the code that codeOf packed.
func (d *dictionary) appendCode(b []byte, code uint32) []byte {
	if i := code >> codeBits; int(i) < len(d.prefixes) {
		b = append(b, d.prefixes[i]...)
	}
	n := code & (1<<codeBits - 1)
	var digits [8]byte
	for i := range digits {
		digits[7-i] = '0' + byte(n%10)
		n /= 10
	}
	return append(b, digits[:]...)
}

// mix hashes two numbers into one.
func mix(h, v uint64) uint64 {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], h)
	binary.LittleEndian.PutUint64(b[8:], v)
	f := fnv.New64a()
	f.Write(b[:])
	return f.Sum64()
}
