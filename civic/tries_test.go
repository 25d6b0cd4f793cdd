package civic

import (
	"testing"
	"time"
)

// TestWrongTriesWaitLonger gives wrong tries as soon as each may be given: the
// waits grow from a second to an hour, and go away by themselves.
func TestWrongTriesWaitLonger(t *testing.T) {
	start := time.Date(2027, 3, 10, 8, 0, 0, 0, time.UTC)
	now, last := start, time.Duration(0)
	var f Failures
	if f.Wait(now, 0) != 0 {
		t.Error("the first try waits")
	}
	tries := 0
	for now.Sub(start) < 24*time.Hour {
		f = f.Wrong(now)
		tries++
		wait := f.Wait(now, 0)
		if wait < last && wait < 30*time.Minute || wait > time.Hour || wait < time.Second {
			t.Fatalf("after %d: %s, before %s", tries, wait, last)
		}
		now, last = now.Add(wait), wait
	}
	if tries > 60 {
		t.Errorf("%d tries in a day", tries)
	}
	if wait := f.Wait(now.Add(24*time.Hour), 0); wait != 0 {
		t.Errorf("a day later: %s", wait)
	}
	if f := f.Wrong(now.Add(24 * time.Hour)); f.Wait(f.At, 0) != time.Second {
		t.Error("a day later the first one weighs as much as ever")
	}
}

// TestTheFirstFewMayBeFree does not let a mistake of one's own cost anything.
func TestTheFirstFewMayBeFree(t *testing.T) {
	now := time.Date(2027, 3, 10, 8, 0, 0, 0, time.UTC)
	var f Failures
	for range 10 {
		f = f.Wrong(now)
	}
	if f.Wait(now, 10) != 0 || f.Wrong(now).Wait(now, 10) != time.Second {
		t.Error("ten are not free")
	}
}
