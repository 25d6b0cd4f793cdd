package server

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// TestOnePlaceNeverTakesWhatIsAnothers fills a place, and then the whole, with
// guests that work: newcomers of a full place wait, those of another come in.
func TestOnePlaceNeverTakesWhatIsAnothers(t *testing.T) {
	q := newGuests(2, 1, 4)
	never := func() { t.Error("one that works was sent away") }
	for i, x := range []struct {
		place string
		in    bool
		seat  bool
	}{
		{"a", true, true},
		{"a", true, true},
		{"a", true, false},
		{"a", false, false},
		{"b", true, true},
		{"b", false, false},
		{"", true, true},
	} {
		g, ok := q.enter(x.place, never)
		if ok != x.in || ok && g.await(0) != x.seat {
			t.Errorf("%d, of %q: in %v", i, x.place, ok)
		}
	}
}

// TestWhoDoesNothingGivesWay does so within a place, and in all.
func TestWhoDoesNothingGivesWay(t *testing.T) {
	q := newGuests(2, 0, 3)
	var gone []string
	enter := func(place, name string) *guest {
		g, ok := q.enter(place, func() { gone = append(gone, name) })
		if !ok {
			t.Fatalf("%s is not let in", name)
		}
		g.idle(true)
		return g
	}
	first := enter("a", "a1")
	enter("a", "a2")
	first.idle(false) // it works now
	enter("a", "a3")
	enter("b", "b1")
	enter("c", "c1")
	if got := fmt.Sprint(gone); got != "[a2 a3]" {
		t.Errorf("sent away: %s", got)
	}
	if _, ok := q.enter("a", func() {}); !ok {
		t.Error("a place that gave way is not let in again")
	}
}

// TestWhoHasJustComeStays refuses a crowd that comes faster than anybody could have
// said anything.
func TestWhoHasJustComeStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newGuests(2, 0, 10)
		q.grace = time.Second
		gone := 0
		in := 0
		for range 100 {
			if g, ok := q.enter("a", func() { gone++ }); ok {
				g.idle(true)
				in++
			}
			time.Sleep(100 * time.Millisecond)
		}
		if in > 2+2*10 || gone != in-2 {
			t.Errorf("%d were let in, %d sent away", in, gone)
		}
	})
}

// TestTheSlowestGivesWay leaves the young and the quick alone.
func TestTheSlowestGivesWay(t *testing.T) {
	q := newGuests(9, 0, 3)
	var gone []float64
	for _, pace := range []float64{500, math.Inf(1), 20} {
		g, _ := q.enter("a", func() { gone = append(gone, pace) })
		g.pace = func() float64 { return pace }
		g.idle(true)
	}
	for range 2 {
		if _, ok := q.enter("b", func() {}); !ok {
			t.Error("not let in")
		}
	}
	if _, ok := q.enter("b", func() {}); ok {
		t.Error("let in although everybody works")
	}
	if fmt.Sprint(gone) != "[20 500]" {
		t.Errorf("sent away: %v", gone)
	}
}

// TestAFullPlaceIsSlowerAndNotRefused lets one of a full place in as soon as
// another goes, in their order.
func TestAFullPlaceIsSlowerAndNotRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newGuests(1, 2, 10)
		first, _ := q.enter("a", func() {})
		second, _ := q.enter("a", func() {})
		third, ok := q.enter("a", func() {})
		if !ok {
			t.Fatal("refused")
		}
		time.AfterFunc(3*time.Second, first.leave)
		began := time.Now()
		if !second.await(5*time.Second) || time.Since(began) != 3*time.Second {
			t.Errorf("no seat after %s", time.Since(began))
		}
		if third.await(5 * time.Second) {
			t.Error("two have the one seat")
		}
	})
}

// TestTheLastQuarterIsForThoseWhoHaveLittle has a crowd of addresses work as much as
// each may: a visitor still comes in.
func TestTheLastQuarterIsForThoseWhoHaveLittle(t *testing.T) {
	q := newGuests(64, 64, 1000)
	in := 0
	for i := range 100 * 64 {
		if _, ok := q.enter(fmt.Sprint("crowd ", i%100), func() {}); ok {
			in++
		}
	}
	if in != 750 {
		t.Errorf("a crowd has %d of 1000", in)
	}
	for i := range 200 {
		if _, ok := q.enter(fmt.Sprint("visitor ", i), func() {}); !ok {
			t.Fatalf("visitor %d is refused", i)
		}
	}
}

// TestGuestsLeaveNothingBehind enters and leaves at random.
func TestGuestsLeaveNothingBehind(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- a test
	q := newGuests(3, 2, 12)
	open := map[*guest]bool{}
	for range 20_000 {
		if g, ok := q.enter(string(rune('a'+r.IntN(8))), func() {}); ok {
			open[g] = true
			g.idle(r.IntN(2) == 0)
		}
		for g := range open {
			if g.left || r.IntN(3) == 0 {
				g.leave()
				delete(open, g)
			}
		}
		if count, places := q.size(); count != len(open) || count > 12 || places > count {
			t.Fatalf("%d counted of %d, in %d places", count, len(open), places)
		}
	}
	for g := range open {
		g.leave()
	}
	if count, places := q.size(); count != 0 || places != 0 || q.waiting.Len() != 0 {
		t.Errorf("%d in %d places are left", count, places)
	}
}
