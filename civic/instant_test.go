package civic

import (
	"testing"
	"time"
)

func rome(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestMomentsAreReadAlike(t *testing.T) {
	zone := rome(t)
	for text, want := range map[string]string{
		"2026-03-02":                          "2026-03-01T23:00:00Z day",
		"2026-03-02T09:00":                    "2026-03-02T08:00:00Z",
		"2026-03-02 09:00:30":                 "2026-03-02T08:00:30Z",
		"2026-03-02T09:00:30.25":              "2026-03-02T08:00:30.25Z",
		"2026-03-02T09:00:30,1234567891":      "2026-03-02T08:00:30.123456789Z",
		"2026-03-02T09:00:30Z":                "2026-03-02T09:00:30Z",
		"2026-03-02t09:00:30.5z":              "2026-03-02T09:00:30.5Z",
		"2026-03-02T09:00:30.999+01:00":       "2026-03-02T08:00:30.999Z",
		"2026-03-02T09:00+0530":               "2026-03-02T03:30:00Z",
		"2026-03-02T09:00:00-05":              "2026-03-02T14:00:00Z",
		"2026-03-02T09:00:00 01:00":           "2026-03-02T08:00:00Z", // a "+" that was not escaped
		" 2026-03-02 ":                        "2026-03-01T23:00:00Z day",
		"2026-10-25T02:30":                    "2026-10-25T00:30:00Z twice",
		"2026-10-25T02:30+01:00":              "2026-10-25T01:30:00Z",
		"2026-03-29T02:30":                    "", // skipped
		"2026-03-29T02:30Z":                   "2026-03-29T02:30:00Z",
		"2026-02-30":                          "",
		"2026-02-28T24:00":                    "",
		"2026-02-28T12:60":                    "",
		"2026-02-28T12:00+15:00":              "",
		"2026-02-28T12:00+01:60":              "",
		"2026-2-8":                            "",
		"02/03/2026":                          "",
		"2026-03-02T":                         "",
		"2026-03-02T09:00:30.":                "",
		"1772442000":                          "",
		"":                                    "",
		"2026-03-02T09:00:00+01:00[Rome]":     "",
		"9999-12-31T23:59:59.999999999999999": "",
	} {
		m, ok := ParseMoment(text, zone)
		got := ""
		if ok {
			got = m.UTC().Format(time.RFC3339Nano)
			if m.Day {
				got += " day"
			}
			if m.Twice {
				got += " twice"
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestADayEndsWhereTheNextBegins(t *testing.T) {
	zone := rome(t)
	m, _ := ParseMoment("2026-03-29", zone) // of 23 hours
	if got := m.Last().Sub(m.Time); got != 23*time.Hour-time.Microsecond {
		t.Errorf("the day that summer time begins lasts %v", got)
	}
	if m, _ = ParseMoment("2026-03-29T12:00", zone); !m.Last().Equal(m.Time) {
		t.Errorf("an instant ends at %v", m.Last())
	}
}

func TestWhatCanHaveHappened(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{
		"1989-12-31T23:59:59Z": false, "1990-01-01T00:00:00Z": true, "2026-03-03T22:00:00Z": true, "2026-03-05T00:00:00Z": false, "2126-03-02": false,
	} {
		if m, ok := ParseMoment(text, time.UTC); !ok || Plausible(m.Time, now) != want {
			t.Errorf("%s: %t", text, !want)
		}
	}
}

func FuzzParseMoment(f *testing.F) {
	f.Add("2026-10-25T02:30:00.123+01:00")
	zone := rome(f)
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := ParseMoment(text, zone)
		if !ok {
			return
		}
		if m.Last().Before(m.Time) || m.Day && m.Twice {
			t.Errorf("%q: %+v", text, m)
		}
		if again, ok := ParseMoment(m.UTC().Format(time.RFC3339Nano), zone); ok && !again.Equal(m.Time) {
			t.Errorf("%q: %v is read as %v", text, m.Time, again.Time)
		}
	})
}
