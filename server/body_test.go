package server

import (
	"testing"
	"time"
)

// TestABodyHasToBringSomething runs senders against the clock: what an honest phone
// gives on a poor network passes, what is only kept open does not.
func TestABodyHasToBringSomething(t *testing.T) {
	const photo = 500_000 // what the pages send of a picture
	for _, x := range []struct {
		what  string
		first time.Duration // nothing before
		rate  float64       // bytes a second after it
		size  int64
		lives time.Duration // 0: it arrives
	}{
		{"a poor GPRS", 8 * time.Second, 1100, photo, 0},
		{"EDGE", 2 * time.Second, 6000, photo, 0},
		{"a form over almost nothing", 9 * time.Second, 150, 2000, 0},
		{"nothing", time.Hour, 1, photo, 11 * time.Second},
		{"a byte now and then", 0, 0.1, photo, 12 * time.Second},
		{"a trickle", 0, 60, photo, 30 * time.Second},
		{"just enough for a minute", 0, 105, photo, 75 * time.Second},
		{"enough, for ever", 0, 1100, 1 << 30, 16 * time.Minute},
	} {
		var at time.Duration
		var got int64
		for got < x.size && at <= bodyPace.due(got) {
			at += time.Second
			if at > x.first {
				got = int64((at - x.first).Seconds() * x.rate)
			}
		}
		if arrived := got >= x.size; arrived != (x.lives == 0) || !arrived && at > x.lives {
			t.Errorf("%s: %d bytes in %s", x.what, got, at)
		}
	}
}

// TestTheLeastRateGrows reads it off: the longer a body takes, the more it brings
// in each second, and it ends.
func TestTheLeastRateGrows(t *testing.T) {
	last := time.Duration(0)
	for got := int64(0); got < 2_000_000; got += 500 {
		due := bodyPace.due(got)
		if due < last || due > 15*time.Minute {
			t.Fatalf("%d bytes are due after %s, fewer after %s", got, due, last)
		}
		last = due
	}
	if bodyPace.due(0) > 10*time.Second || last != 15*time.Minute {
		t.Errorf("an idle body lives %s, and any body %s", bodyPace.due(0), last)
	}
}
