package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"segnavia/civic"
)

const (
	// townsFor is how long the list of towns is believed.
	townsFor = 5 * time.Second
	// townsPatience is how long a lookup may take: a whole page is waiting for it.
	townsPatience = 3 * time.Second
	// townsFailedFor is how long a lookup that failed stands for those who come after.
	townsFailedFor = 2 * time.Second
)

// errNoTown says that no town of this installation has the host.
var errNoTown = errors.New("no town under this host")

// townList remembers for a moment which towns there are. However many ask at once,
// the store is asked by one of them, and not longer than townsPatience: every
// request passes here.
type townList struct {
	store  Towns
	now    func() time.Time
	lookup singleflight.Group

	mu    sync.Mutex
	towns []civic.TownSite // of the last lookup that did not fail
	err   error            // of the last lookup, nil or civic.ErrBusy
	until time.Time        // what the last lookup found stands until then
}

// all is every town. Where the store does not answer it is the last list, and
// civic.ErrBusy where there was none yet.
func (l *townList) all(ctx context.Context) ([]civic.TownSite, error) {
	if towns, err, ok := l.known(); ok {
		return towns, err
	}
	found, err, _ := l.lookup.Do("", func() (any, error) {
		if towns, err, ok := l.known(); ok { // somebody was faster
			return towns, err
		}
		// Whoever leaves takes nothing from those who wait for the same answer.
		return l.look(context.WithoutCancel(ctx))
	})
	towns, _ := found.([]civic.TownSite)
	return towns, err
}

// known is what the last lookup found, as long as it stands.
func (l *townList) known() (towns []civic.TownSite, err error, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.now().Before(l.until) {
		return nil, nil, false
	}
	towns, err = l.answer()
	return towns, err, true
}

// answer is called under the lock. An old list is better than none.
func (l *townList) answer() ([]civic.TownSite, error) {
	if l.towns != nil {
		return l.towns, nil
	}
	return nil, l.err
}

func (l *townList) look(ctx context.Context) ([]civic.TownSite, error) {
	ctx, cancel := context.WithTimeout(ctx, townsPatience)
	defer cancel()
	towns, err := l.store.Towns(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.err, l.until = errors.Join(civic.ErrBusy, err), l.now().Add(townsFailedFor)
	} else {
		l.towns, l.err, l.until = towns, nil, l.now().Add(townsFor)
	}
	return l.answer()
}

// of finds the town of a host. An installation of one town serves it on any host.
func (l *townList) of(ctx context.Context, host string) (*civic.TownSite, error) {
	towns, err := l.all(ctx)
	if err != nil {
		return nil, err
	}
	if len(towns) == 1 {
		return &towns[0], nil
	}
	for i := range towns {
		for _, h := range towns[i].Hosts {
			if h == host {
				return &towns[i], nil
			}
		}
	}
	return nil, errNoTown
}
