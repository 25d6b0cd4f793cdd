package server

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"segnavia/civic"
)

// sessionFor is how long a session is believed without asking the database: a
// page of photos asks thirty times in a second. What is revoked is refused within
// this time, well below the five seconds that are promised.
const sessionFor = 2 * time.Second

// maxSessions bounds the memory; those not asked for longest are forgotten first.
const maxSessions = 10_000

// sessionCache remembers for a moment who is signed in by which token.
type sessionCache struct {
	known *lru.Cache[string, knownSession]
}

func newSessionCache(most int) *sessionCache {
	known, err := lru.New[string, knownSession](most)
	if err != nil {
		panic("server: " + err.Error()) // a size that is not one: a mistake in the code
	}
	return &sessionCache{known}
}

type knownSession struct {
	j     civic.JurisdictionID
	user  civic.User
	until time.Time
}

func (c *sessionCache) user(ctx context.Context, store Accounts, j civic.JurisdictionID, token string, now time.Time) (civic.User, error) {
	if known, ok := c.known.Get(token); ok && known.j == j && now.Before(known.until) {
		return known.user, nil
	}
	u, err := store.SessionUser(ctx, j, token)
	if err != nil {
		return u, err
	}
	c.known.Add(token, knownSession{j, u, now.Add(sessionFor)})
	return u, nil
}

// forget drops a token at once: whoever signs out is out.
func (c *sessionCache) forget(token string) { c.known.Remove(token) }
