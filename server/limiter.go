package server

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A limit is how often something may be done from one place.
type limit struct {
	name  string
	per   rate.Limit
	burst int
}

var (
	limitLogin = limit{"login", rate.Every(6 * time.Second), 10}
	// A town hall signs in from one address, all at eight in the morning.
	limitSignIn = limit{"sign_in", rate.Every(time.Second), 60}
	limitInvite = limit{"invite", rate.Every(10 * time.Second), 30}
	limitPIN    = limit{"pin", rate.Every(10 * time.Second), 5}
	// Beyond limitReport a report is looked at before it is shown; a school or a
	// barracks behind one address is not refused. Beyond limitFlood it is.
	limitReport = limit{"report", rate.Every(20 * time.Second), 20}
	limitFlood  = limit{"flood", rate.Every(time.Second), 120}
	limitPhoto  = limit{"photo", rate.Every(2 * time.Second), 60}
	limitSearch = limit{"search", 20, 100}
	// Other programs: calls of an address, calls of a key, wrong keys of an address.
	limitOpen311 = limit{"open311", 20, 400}
	limitKey     = limit{"key", 20, 400}
	limitBadKey  = limit{"bad_key", rate.Every(6 * time.Second), 20}
)

// limiter counts by place, in memory: what a node forgets at a restart costs
// nothing. It holds a bounded number of places.
type limiter struct {
	now func() time.Time

	mu     sync.Mutex
	places map[string]*rate.Limiter
}

// maxPlaces bounds the memory; when it is reached everybody starts afresh.
const maxPlaces = 100_000

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, places: make(map[string]*rate.Limiter)}
}

// allow counts one and reports whether it is within the limit.
func (l *limiter) allow(k limit, place string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := k.name + "\x00" + place
	one := l.places[key]
	if one == nil {
		if len(l.places) >= maxPlaces {
			clear(l.places)
		}
		one = rate.NewLimiter(k.per, k.burst)
		l.places[key] = one
	}
	return one.AllowN(l.now(), 1)
}
