package civic

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// NonceHash is all that is kept of a nonce: a random text that is born with a report,
// where it is written. Whoever shows it again sent the report; whoever only knows the
// report's words does not know it. The zero NonceHash is none.
type NonceHash [sha256.Size]byte

// A nonce is 16 to 64 bytes: 128 bits cannot be guessed, and more than 512 are of
// no use.
const (
	minNonce = 16
	maxNonce = 64
)

// ParseNonce reads a nonce, base64url with or without its padding. None at all is the
// zero NonceHash; the error is a civic.Error invalid.
func ParseNonce(s string) (NonceHash, error) {
	if s == "" {
		return NonceHash{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil || len(raw) < minNonce || len(raw) > maxNonce {
		return NonceHash{}, Refuse(CodeInvalid, "field", "nonce")
	}
	return HashNonce(raw), nil
}

// HashNonce is what is kept of a nonce.
func HashNonce(nonce []byte) NonceHash { return sha256.Sum256(nonce) }

// IsZero reports whether there is no nonce.
func (h NonceHash) IsZero() bool { return h == NonceHash{} }
