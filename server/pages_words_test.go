package server

import (
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/text"
	"segnavia/web"
)

func TestHoursPutTheDayThatDiffersInBrackets(t *testing.T) {
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.NewPages(words)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Options: Options{Words: words, Pages: pages}}
	short, long := []civic.Hours{{From: 8 * 60, To: 17 * 60}}, []civic.Hours{{From: 8 * 60, To: 18*60 + 30}}
	for _, c := range []struct {
		name   string
		week   map[time.Weekday][]civic.Hours
		it, en string
	}{
		{"never", nil, "", ""},
		{"one day", map[time.Weekday][]civic.Hours{time.Friday: short}, "venerdì 8–17", "Friday 8–17"},
		{
			"a run with another day in it",
			map[time.Weekday][]civic.Hours{time.Monday: short, time.Tuesday: short, time.Wednesday: long, time.Thursday: short},
			"da lunedì a giovedì 8–17 (mercoledì 8–18:30)", "Monday to Thursday 8–17 (Wednesday 8–18:30)",
		},
		{
			"two runs",
			map[time.Weekday][]civic.Hours{time.Monday: short, time.Tuesday: short, time.Saturday: long},
			"da lunedì a martedì 8–17; sabato 8–18:30", "Monday to Tuesday 8–17; Saturday 8–18:30",
		},
	} {
		var calendar civic.Calendar
		for day, spans := range c.week {
			calendar.Week[day] = spans
		}
		for lang, want := range map[text.Lang]string{"it": c.it, "en": c.en} {
			if got := strings.ReplaceAll(s.hours(calendar, lang), "\u00a0", " "); got != want {
				t.Errorf("%s in %s: %q, want %q", c.name, lang, got, want)
			}
		}
	}
}
