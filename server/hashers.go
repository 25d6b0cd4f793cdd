package server

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"segnavia/civic"
)

// hashers bound what comparing passwords costs: four at once at most, half of them
// for strangers, who so take no more than half of the machine's cores, or the only
// one; the other half is kept for browsers that are known. Who finds no place waits in
// turn, so many of an address and so many in all.
type hashers struct {
	strangers, known *semaphore.Weighted
	queue            *guests
	used             atomic.Int64 // KiB that the collector has not seen yet
}

const (
	hashesAtOnce   = 4
	waitingOfOne   = 16
	waitingOfAll   = 64
	hashPatience   = 15 * time.Second
	collectedAfter = 2 * argonMemory
)

func newHashers(cores int) *hashers {
	n := int64(max(1, min(hashesAtOnce, cores)/2))
	return &hashers{
		strangers: semaphore.NewWeighted(n), known: semaphore.NewWeighted(n),
		queue: newGuests(waitingOfOne, 0, waitingOfAll),
	}
}

// enter waits for a place, for somebody of an address or, with "", in a known
// browser. done gives it back.
func (h *hashers) enter(ctx context.Context, place string) (done func(), err error) {
	g, ok := h.queue.enter(place, nil)
	if !ok {
		return nil, civic.Refuse("too_fast")
	}
	places := h.strangers
	if place == "" {
		places = h.known
	}
	waiting, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	if err := places.Acquire(waiting, 1); err != nil {
		g.leave()
		return nil, errors.Join(civic.ErrBusy, err)
	}
	return func() {
		places.Release(1)
		g.leave()
		h.collect()
	}, nil
}

// collect lets the collector look now and then: what it learns of hashes by itself
// lets hundreds of megabytes of them lie.
func (h *hashers) collect() {
	if h.used.Add(argonMemory) >= collectedAfter {
		h.used.Store(0)
		runtime.GC()
	}
}
