package sync

import (
	"sync"
	"time"

	"segnavia/civic"
)

// allowance remembers which device repaired which scope on this node, for as
// long as it may not do so again. The zero value is ready.
type allowance struct {
	mu   sync.Mutex
	last map[allowed]time.Time
}

type allowed struct {
	device civic.DeviceID
	scope  civic.Scope
}

// allowancePrune is how many are kept before the old ones are looked for.
const allowancePrune = 1024

// take notes a repair; when the last one was less than repairEvery ago it tells
// how long to wait instead.
func (a *allowance) take(k allowed, now time.Time) (wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.last[k]; ok && now.Sub(last) < repairEvery {
		return repairEvery - now.Sub(last)
	}
	if a.last == nil {
		a.last = make(map[allowed]time.Time)
	}
	if len(a.last) >= allowancePrune {
		for old, at := range a.last {
			if now.Sub(at) >= repairEvery {
				delete(a.last, old)
			}
		}
	}
	a.last[k] = now
	return 0
}

// giveBack forgets a repair that did not come about.
func (a *allowance) giveBack(k allowed) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.last, k)
}
