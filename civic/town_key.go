package civic

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"github.com/google/uuid"
)

// TownKey is what everything that is secret in one town follows from: links, PINs,
// tokens, and the ids that the system derives. It is made of the installation's
// secret and the town, so that nothing made in one town opens anything in another.
// It is never stored, written or sent.
type TownKey [32]byte

// NewTownKey is the key of a town on the installation that holds the secret.
func NewTownKey(secret []byte, j JurisdictionID) TownKey {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("segnavia town\x00"))
	mac.Write(j[:])
	return TownKey(mac.Sum(nil))
}

// String keeps a key out of whatever prints it.
func (TownKey) String() string { return "(the key of a town)" }

// GoString does the same for %#v.
func (k TownKey) GoString() string { return k.String() }

// MarshalText does the same for JSON and logs.
func (k TownKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Sum is an HMAC-SHA256 over a purpose and parts, each with its length before it, so
// that no two lists of parts are ever the same text.
func (k TownKey) Sum(purpose string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	for _, part := range append([][]byte{[]byte(purpose)}, parts...) {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// KeyedID makes the id of something that follows from another thing, so that doing
// it twice names it once (RFC 9562, version 8). Unlike DeriveID's, nobody without
// the town's key can tell it beforehand and take it first.
func KeyedID[To, From any](k TownKey, from ID[From], what string) ID[To] {
	id := uuid.UUID(k.Sum("id", from[:], []byte(what))[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return ID[To](id)
}

// Reserved reports whether only the server makes such ids: those of version 8, and
// those of version 5, which imports have and what was derived before ids were keyed.
// Clients make version 7; version 4 is taken too.
func (id ID[T]) Reserved() bool {
	version := uuid.UUID(id).Version()
	return version == 5 || version == 8
}

// Named gives an edit the id that follows from another thing and from what it is for,
// so that it happens once. Formerly is the id that it had before ids were keyed.
func Named[From any](k TownKey, from ID[From], what string, e Edit) Edit {
	e.ID, e.Formerly = KeyedID[Edit](k, from, what), DeriveID[Edit](from, what)
	return e
}
