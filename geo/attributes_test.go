package geo

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAttributesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := State(rapid.IntRange(0, StateCount-1).Draw(t, "state"))
		public := rapid.Bool().Draw(t, "public")
		c := Channel(rapid.IntRange(0, MaxChannel).Draw(t, "channel"))
		v := Service(rapid.IntRange(0, MaxService).Draw(t, "service"))
		m := Team(rapid.IntRange(0, MaxTeam).Draw(t, "team"))
		r := Area(rapid.IntRange(0, MaxArea).Draw(t, "area"))
		d := Day(rapid.Uint16().Draw(t, "day"))
		a := Pack(s, public, c, v, m, r, d)
		if a.State() != s || a.Public() != public || a.Channel() != c || a.Service() != v ||
			a.Team() != m || a.Area() != r || a.Day() != d {
			t.Fatalf("%#x does not hold what was packed", uint64(a))
		}
	})
}

func TestDaysAndInstantsAreClamped(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		day  Day
		back time.Time
	}{
		{time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC), 0, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)},
		{time.Date(2000, 1, 1, 23, 59, 59, 0, time.UTC), 0, time.Date(2000, 1, 1, 23, 59, 59, 0, time.UTC)},
		{time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), 9822, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)},
	} {
		if DayOf(c.at) != c.day || InstantOf(c.at).Day() != c.day {
			t.Errorf("day of %v is %d and %d, want %d", c.at, DayOf(c.at), InstantOf(c.at).Day(), c.day)
		}
		if got := InstantOf(c.at).Time(); !got.Equal(c.back) {
			t.Errorf("%v comes back as %v", c.at, got)
		}
	}
	if got := DayOf(time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC)); got != 65535 {
		t.Errorf("a far day is %d", got)
	}
}
