package server

import (
	"testing"

	"golang.org/x/sync/semaphore"
)

// Strangers' passwords leave the machine half of its cores, and known browsers their
// own places, however many strangers wait.
func TestStrangersHashOnHalfOfTheCores(t *testing.T) {
	places := func(s *semaphore.Weighted) (n int) {
		for s.TryAcquire(1) {
			n++
		}
		return n
	}
	for cores, want := range map[int]int{1: 1, 2: 1, 3: 1, 4: 2, 64: 2} {
		h := newHashers(cores)
		strangers := places(h.strangers)
		if strangers != want || strangers > 1 && 2*strangers > cores {
			t.Errorf("%d cores: %d strangers at once, want %d", cores, strangers, want)
		}
		if known := places(h.known); known < 1 || strangers+known > hashesAtOnce {
			t.Errorf("%d cores: beside %d strangers %d known browsers at once", cores, strangers, known)
		}
	}
}
