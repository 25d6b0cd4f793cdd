package server

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// A limit is how often something may be done from one place.
type limit struct {
	name  string
	per   rate.Limit
	burst int
}

var (
	// A town hall signs in from one address, all at eight in the morning. Known
	// browsers do not count.
	limitSignIn = limit{"sign_in", rate.Every(time.Second), 60}
	limitInvite = limit{"invite", rate.Every(10 * time.Second), 30}
	// An alarm is written now and then; its figure counts each.
	limitAlarm = limit{"alarm", rate.Every(time.Hour), 1}
	limitPIN   = limit{"pin", rate.Every(time.Second), 60}
	// Beyond limitReport a report is looked at before it is shown; a school or a
	// barracks behind one address is not refused. Beyond limitFlood it is.
	limitReport = limit{"report", rate.Every(20 * time.Second), 20}
	limitFlood  = limit{"flood", rate.Every(time.Second), 120}
	// "Me too" of browsers that bring no mark, at one report: a class says it from one
	// address, and nobody says it a hundred times.
	limitFollow = limit{"follow", rate.Every(time.Hour), 30}
	limitPhoto  = limit{"photo", rate.Every(2 * time.Second), 60}
	limitSearch = limit{"search", 20, 100}
	// Other programs: calls of an address, calls of a key, wrong keys of an address.
	limitOpen311 = limit{"open311", 20, 400}
	limitKey     = limit{"key", 20, 400}
	limitBadKey  = limit{"bad_key", rate.Every(6 * time.Second), 20}
)

// limiter counts by place, in memory: what a node forgets at a restart costs
// nothing. It holds a bounded number of places; those that were not heard of for
// longest are forgotten first.
type limiter struct {
	now func() time.Time

	mu     sync.Mutex
	places *simplelru.LRU[string, *rate.Limiter]
}

const maxPlaces = 100_000

func newLimiter(now func() time.Time, most int) *limiter {
	return &limiter{now: now, places: newLRU[*rate.Limiter](most)}
}

// allow counts one and reports whether it is within the limit.
func (l *limiter) allow(k limit, place string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := k.name + "\x00" + place
	one, ok := l.places.Get(key)
	if !ok {
		one = rate.NewLimiter(k.per, k.burst)
		l.places.Add(key, one)
	}
	return one.AllowN(l.now(), 1)
}
