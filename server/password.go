package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"segnavia/civic"
)

// Parameters of argon2id (RFC 9106, second recommended option with more
// passes): 64 MiB, three passes, one lane.
const (
	argonMemory = 64 << 10 // KiB
	argonTime   = 3
	argonLanes  = 1
	argonSalt   = 16
	argonKey    = 32
)

// HashPassword makes what is kept of a password, in the PHC string format.
func HashPassword(password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b.EncodeToString(salt), b.EncodeToString(key)), nil
}

// nobody is checked against when there is no such login, so that the answer
// takes as long.
const nobody = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// attempt is one try at a password: whose tries it counts among, of what address,
// "" in a known browser, and how many wrong ones are free there.
type attempt struct {
	place, key string
	free       int
}

// checkAttempt compares a password with what is kept of it, unless it comes too
// soon after wrong ones.
func (s *Server) checkAttempt(ctx context.Context, a attempt, password, kept string) error {
	if wait := s.delays.wait(a.key, s.Now(), a.free); wait > 0 {
		s.alarms.passwordsDelayed.Add(1)
		return civic.TooSoon(wait)
	}
	if a.place != "" && !s.limits.allow(limitSignIn, a.place) {
		return civic.Refuse("too_fast")
	}
	done, err := s.hashers.enter(ctx, a.place)
	if err != nil {
		return err
	}
	right := samePassword(password, kept)
	done()
	if !right {
		s.delays.wrong(a.key, s.Now())
		return civic.Refuse("bad_password")
	}
	s.delays.right(a.key)
	return nil
}

// samePassword compares a password with what is kept of it; "" is nobody's.
func samePassword(password, kept string) bool {
	if kept == "" {
		kept = nobody
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || version != argon2.Version || memory > 1<<20 || passes > 10 || len(key) != argonKey {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, argonKey)
	return subtle.ConstantTimeCompare(got, key) == 1
}
