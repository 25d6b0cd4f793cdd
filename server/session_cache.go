package server

import (
	"context"
	"sync"
	"time"

	"segnavia/civic"
)

// sessionFor is how long a session is believed without asking the database: a
// page of photos asks thirty times in a second. What is revoked is refused within
// this time, well below the five seconds that are promised.
const sessionFor = 2 * time.Second

// maxSessions bounds the memory; when it is reached everybody is asked for again.
const maxSessions = 10_000

// sessionCache remembers for a moment who is signed in by which token.
type sessionCache struct {
	mu    sync.Mutex
	known map[string]knownSession
}

type knownSession struct {
	j     civic.JurisdictionID
	user  civic.User
	until time.Time
}

func (c *sessionCache) user(ctx context.Context, store Accounts, j civic.JurisdictionID, token string, now time.Time) (civic.User, error) {
	c.mu.Lock()
	known, ok := c.known[token]
	c.mu.Unlock()
	if ok && known.j == j && now.Before(known.until) {
		return known.user, nil
	}
	u, err := store.SessionUser(ctx, j, token)
	if err != nil {
		return u, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= maxSessions {
		c.known = make(map[string]knownSession)
	}
	c.known[token] = knownSession{j, u, now.Add(sessionFor)}
	return u, nil
}

// forget drops a token at once: whoever signs out is out.
func (c *sessionCache) forget(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, token)
}
