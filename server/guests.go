package server

import (
	"container/list"
	"math"
	"sync"
	"time"
)

// guests counts what is open at once of one kind, by place and in all. A place
// that has its share waits for one of its own to go; where everything is taken,
// whoever does nothing gives way. Nobody who works is sent away for a newcomer.
type guests struct {
	each  int // of one place at once
	queue int // of one place, waiting for that
	// all is of everybody. The last quarter is for places that have little: a
	// sixteenth of their share.
	all int
	// grace is how long one may do nothing before it gives way: whoever comes faster
	// is refused, which costs less than letting in and sending away.
	grace time.Duration

	mu      sync.Mutex
	count   int
	rooms   map[string]*room
	waiting list.List // of *guest that may be sent away, the longest first
}

// room is what a place has open. It goes with its last guest.
type room struct {
	seated  int
	queue   list.List // of *guest without a seat
	waiting list.List // of *guest that may be sent away, the longest first
}

// guest is one of what is counted. A nil guest is of no place, counts for nothing
// and is always welcome.
type guest struct {
	of      *guests
	place   string
	room    *room
	giveWay func()
	// pace orders those who may be sent away, the lowest first; without it the
	// longest goes. Infinity stays.
	pace func() float64

	seat, gone   chan struct{} // closed once it has a seat, and once it has left
	seated, left bool
	since        time.Time     // when it began to do nothing
	queued, mine *list.Element // in the queue and in the waiting list of its room
	everybody    *list.Element // in the waiting list of all
}

func newGuests(each, queue, all int) *guests {
	return &guests{each: each, queue: queue, all: all, rooms: make(map[string]*room)}
}

// enter counts one more of a place, "" for one that is not counted; false when
// neither the place nor the whole has room. giveWay ends it; it is called at most
// once, by another goroutine, and not after leave.
func (q *guests) enter(place string, giveWay func()) (*guest, bool) {
	if place == "" {
		return nil, true
	}
	g := &guest{of: q, place: place, giveWay: giveWay, seat: make(chan struct{}), gone: make(chan struct{})}
	q.mu.Lock()
	out, ok := q.admit(g)
	q.mu.Unlock()
	if out != nil {
		out.giveWay()
	}
	return g, ok
}

// admit takes a guest in and tells who has to go for it; the lock is held.
func (q *guests) admit(g *guest) (out *guest, ok bool) {
	r := q.rooms[g.place]
	if r == nil {
		r = new(room)
	}
	full := q.count >= q.all || q.count >= q.all-q.all/4 && r.seated+r.queue.Len() >= max(1, q.each/16)
	switch {
	case r.seated >= q.each:
		if out = q.idlest(&r.waiting); out == nil && r.queue.Len() >= q.queue {
			return nil, false
		}
	case full:
		out = q.idlest(&q.waiting)
	}
	if out == nil && full {
		return nil, false
	}
	if out != nil {
		out.drop()
	}
	q.rooms[g.place] = r // out may have been its last
	g.room = r
	q.count++
	if r.seated < q.each {
		g.sit()
	} else {
		g.queued = r.queue.PushBack(g)
	}
	return out, true
}

// idlest picks who goes first, nil when nobody may be sent away.
func (q *guests) idlest(of *list.List) (out *guest) {
	least := math.Inf(1)
	for e := of.Front(); e != nil; e = e.Next() {
		g := e.Value.(*guest)
		if q.grace > 0 && time.Since(g.since) < q.grace {
			break // those behind it are younger
		}
		if g.pace == nil {
			return g
		}
		if pace := g.pace(); pace < least {
			out, least = g, pace
		}
	}
	return out
}

func (g *guest) sit() {
	g.seated = true
	g.room.seated++
	close(g.seat)
}

// await waits for a seat, at most for a while; false without one.
func (g *guest) await(most time.Duration) bool {
	if g == nil {
		return true
	}
	select {
	case <-g.seat:
		return true
	default:
	}
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-g.seat:
		return true
	case <-g.gone:
	case <-t.C:
	}
	return false
}

// idle says whether the guest may be sent away from now on.
func (g *guest) idle(may bool) {
	if g == nil {
		return
	}
	q := g.of
	q.mu.Lock()
	defer q.mu.Unlock()
	g.unlist()
	if may && !g.left {
		g.since = time.Now()
		g.mine, g.everybody = g.room.waiting.PushBack(g), q.waiting.PushBack(g)
	}
}

func (g *guest) unlist() {
	if g.mine != nil {
		g.room.waiting.Remove(g.mine)
		g.of.waiting.Remove(g.everybody)
		g.since = time.Now()
		g.mine, g.everybody = nil, nil
	}
}

// leave counts the guest no longer; a second time does nothing.
func (g *guest) leave() {
	if g == nil {
		return
	}
	g.of.mu.Lock()
	defer g.of.mu.Unlock()
	g.drop()
}

// drop is leave with the lock held. The next of its place takes its seat.
func (g *guest) drop() {
	if g.left {
		return
	}
	g.left = true
	close(g.gone)
	g.unlist()
	q, r := g.of, g.room
	q.count--
	if !g.seated {
		r.queue.Remove(g.queued)
	} else if r.seated--; r.queue.Len() > 0 {
		r.queue.Remove(r.queue.Front()).(*guest).sit()
	}
	if r.seated == 0 && r.queue.Len() == 0 {
		delete(q.rooms, g.place)
	}
}

// size tells how many there are, and of how many places.
func (q *guests) size() (count, places int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.count, len(q.rooms)
}
