package civic

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func romeCalendar(t testing.TB) *Calendar {
	t.Helper()
	c := &Calendar{Zone: "Europe/Rome", Patron: "06-24", Half: map[string]int{"12-24": 12 * 60}, Closed: map[string]bool{"2026-08-14": true}}
	for day := time.Monday; day <= time.Friday; day++ {
		c.Week[day] = []Hours{{From: 8 * 60, To: 12 * 60}, {From: 14 * 60, To: 17 * 60}}
	}
	if err := c.Load(); err != nil {
		t.Fatal(err)
	}
	return c
}

func local(t testing.TB, text string) time.Time {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, rome)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestItalianHolidays(t *testing.T) {
	for _, c := range []struct {
		date string
		want bool
	}{
		{"2026-01-01", true},
		{"2026-01-06", true},
		{"2026-04-05", true}, // Easter
		{"2026-04-06", true}, // Easter Monday
		{"2025-04-21", true}, // Easter Monday
		{"2027-03-29", true}, // Easter Monday in March
		{"2026-04-25", true},
		{"2026-05-01", true},
		{"2026-06-02", true},
		{"2026-08-15", true},
		{"2025-10-04", false}, // a holiday again from 2026 on
		{"2026-10-04", true},
		{"2026-11-01", true},
		{"2026-12-08", true},
		{"2026-12-25", true},
		{"2026-12-26", true},
		{"2026-12-24", false},
		{"2026-11-04", false}, // no holiday since 1977
	} {
		at, err := time.Parse(time.DateOnly, c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := ItalianHoliday(at.Year(), at.Month(), at.Day()); got != c.want {
			t.Errorf("%s: %t", c.date, got)
		}
	}
}

func TestEasterOfKnownYears(t *testing.T) {
	for _, date := range []string{"1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2026-04-05", "2038-04-25", "2100-03-28"} {
		want, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := Easter(want.Year()); !got.Equal(want) {
			t.Errorf("Easter %d is %s, want %s", want.Year(), got.Format(time.DateOnly), date)
		}
	}
}

func TestOfficeTime(t *testing.T) {
	c := romeCalendar(t)
	for _, x := range []struct {
		name, from string
		office     time.Duration
		want       string
	}{
		{"within a morning", "2026-03-02 09:00", time.Hour, "2026-03-02 10:00"},
		{"over lunch", "2026-03-02 11:30", time.Hour, "2026-03-02 14:30"},
		{"over the night", "2026-03-02 16:30", time.Hour, "2026-03-03 08:30"},
		{"over the weekend", "2026-03-06 16:30", time.Hour, "2026-03-09 08:30"},
		{"begins at night", "2026-03-02 22:00", time.Hour, "2026-03-03 09:00"},
		{"over Easter", "2026-04-03 16:30", time.Hour, "2026-04-07 08:30"},
		{"over the patron's day", "2026-06-23 16:30", time.Hour, "2026-06-25 08:30"},
		{"half a day", "2026-12-24 11:30", time.Hour, "2026-12-28 08:30"},
		{"over a closure", "2026-08-13 16:30", time.Hour, "2026-08-17 08:30"},
		{"over the night of 29 March, an hour short", "2026-03-27 16:30", time.Hour, "2026-03-30 08:30"},
	} {
		from, want := local(t, x.from), local(t, x.want)
		if got := c.Add(from, x.office); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", x.name, got.In(want.Location()), want)
		}
		if got := c.Between(from, want); got != x.office {
			t.Errorf("%s: %s lie between", x.name, got)
		}
	}
}

func TestOfficeDays(t *testing.T) {
	c := romeCalendar(t)
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-03-02 09:00", 1, "2026-03-03 17:00"},
		{"2026-03-06 09:00", 1, "2026-03-09 17:00"},
		{"2026-03-02 23:59", 5, "2026-03-09 17:00"},
		{"2026-12-23 09:00", 1, "2026-12-24 12:00"},
		{"2026-10-23 09:00", 2, "2026-10-27 17:00"}, // the clocks go back on the 25th
	} {
		if got, want := c.AddDays(local(t, x.from), x.n), local(t, x.want); !got.Equal(want) {
			t.Errorf("%d days after %s: %s, want %s", x.n, x.from, got.In(want.Location()), want)
		}
	}
}

func TestACalendarThatIsNeverOpenEndsInNoDeadline(t *testing.T) {
	c := &Calendar{Zone: "Europe/Rome"}
	if err := c.Load(); err != nil {
		t.Fatal(err)
	}
	if got := c.Add(time.Now(), time.Hour); !got.IsZero() {
		t.Errorf("a deadline at %s", got)
	}
	if got := c.AddDays(time.Now(), 1); !got.IsZero() {
		t.Errorf("a deadline at %s", got)
	}
}

func TestAddAndBetweenAgree(t *testing.T) {
	c := romeCalendar(t)
	begin := local(t, "2026-01-01 00:00")
	rapid.Check(t, func(t *rapid.T) {
		from := begin.Add(time.Duration(rapid.IntRange(0, 500*24*60).Draw(t, "minute")) * time.Minute)
		d := time.Duration(rapid.IntRange(1, 60*60).Draw(t, "office minutes")) * time.Minute
		due := c.Add(from, d)
		if got := c.Between(from, due); got != d {
			t.Fatalf("%s after %s is %s, and %s lie between", d, from, due, got)
		}
	})
}
