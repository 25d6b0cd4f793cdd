package civic

import (
	"fmt"
	"time"
)

// How long whoever gave a wrong secret waits before the next try from the same
// place: a second, and twice as long after each further one, up to an hour. An
// hour without a try takes one wrong try off.
const (
	firstWait = time.Second
	longWait  = time.Hour
	calmAfter = time.Hour
)

// Failures are the wrong tries of one place at one secret. The zero value is none.
type Failures struct {
	N  int
	At time.Time // the last
}

// left is what still counts at an instant.
func (f Failures) left(now time.Time) int {
	return max(0, f.N-max(0, int(now.Sub(f.At)/calmAfter)))
}

// Wait is how long the next try has to wait, where the first few are free.
func (f Failures) Wait(now time.Time, free int) time.Duration {
	n := f.left(now) - free
	if n <= 0 {
		return 0
	}
	wait := longWait
	if n <= 12 { // 2¹² seconds are more than an hour
		wait = min(longWait, firstWait<<(n-1))
	}
	return max(0, wait-now.Sub(f.At))
}

// Wrong counts one more.
func (f Failures) Wrong(now time.Time) Failures { return Failures{f.left(now) + 1, now} }

// TooSoon refuses a try that has to wait.
func TooSoon(wait time.Duration) *Error {
	seconds := int((wait + time.Second - 1) / time.Second)
	said := fmt.Sprintf("%d s", seconds)
	switch {
	case seconds > 3300:
		said = "1 h"
	case seconds > 90:
		said = fmt.Sprintf("%d min", (seconds+59)/60)
	}
	return Refuse("too_soon", "seconds", seconds, "wait", said)
}
