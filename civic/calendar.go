package civic

import (
	"time"
)

// Hours is a span of one day, in minutes after midnight: from ≤ t < to.
type Hours struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Calendar is when the offices are open. Week starts on Sunday (time.Weekday).
// The zero Calendar is never open, and then no deadline can be computed.
//
// Patron is the town's own feast (month and day). Half shortens a date to the
// given end, Closed shuts it; both are keyed "2006-01-02", or "01-02" for every
// year.
type Calendar struct {
	Zone   string          `json:"zone"`
	Week   [7][]Hours      `json:"week"`
	Patron string          `json:"patron,omitempty"`
	Half   map[string]int  `json:"half,omitempty"`
	Closed map[string]bool `json:"closed,omitempty"`
	loc    *time.Location
}

// searchDays bounds how far ahead a deadline is looked for, so that a calendar
// that is never open ends in no deadline instead of in a loop.
const searchDays = 3 * 366

// Load resolves the zone. An unknown zone is an error.
func (c *Calendar) Load() error {
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		return err
	}
	c.loc = loc
	return nil
}

func (c *Calendar) location() *time.Location {
	if c.loc == nil {
		return time.UTC
	}
	return c.loc
}

// Open lists the open spans of the day that holds t, in local minutes.
func (c *Calendar) Open(t time.Time) []Hours {
	t = t.In(c.location())
	full, yearly := t.Format(time.DateOnly), t.Format("01-02")
	if c.Closed[full] || c.Closed[yearly] || yearly == c.Patron || ItalianHoliday(t.Year(), t.Month(), t.Day()) {
		return nil
	}
	spans := c.Week[t.Weekday()]
	end, half := c.Half[full]
	if !half {
		end, half = c.Half[yearly]
	}
	if !half {
		return spans
	}
	var short []Hours
	for _, h := range spans {
		if h.To = min(h.To, end); h.From < h.To {
			short = append(short, h)
		}
	}
	return short
}

// Add gives the instant at which d of office time has passed since t, or the
// zero time when the offices never open that long. Spans are measured on the
// wall clock, so a day of daylight saving is as long as any other.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return t
	}
	day := c.midnight(t)
	for range searchDays {
		for _, h := range c.Open(day) {
			from, to := c.at(day, h.From), c.at(day, h.To)
			if from.Before(t) {
				from = t
			}
			if !from.Before(to) {
				continue
			}
			if span := to.Sub(from); span < d {
				d -= span
				continue
			}
			return from.Add(d).UTC()
		}
		day = c.nextDay(day)
	}
	return time.Time{}
}

// AddDays gives the end of the n-th open day after the day of t.
func (c *Calendar) AddDays(t time.Time, n int) time.Time {
	day := c.midnight(t)
	for range searchDays {
		day = c.nextDay(day)
		spans := c.Open(day)
		if len(spans) == 0 {
			continue
		}
		if n--; n <= 0 {
			return c.at(day, spans[len(spans)-1].To).UTC()
		}
	}
	return time.Time{}
}

// Between is the office time from a to b, 0 when b is not after a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	var total time.Duration
	for day := c.midnight(a); day.Before(b); day = c.nextDay(day) {
		for _, h := range c.Open(day) {
			from, to := c.at(day, h.From), c.at(day, h.To)
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			if to.After(from) {
				total += to.Sub(from)
			}
		}
	}
	return total
}

func (c *Calendar) midnight(t time.Time) time.Time {
	y, m, d := t.In(c.location()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.location())
}

// nextDay goes by the date, not by 24 hours: two days a year are not that long.
func (c *Calendar) nextDay(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, c.location())
}

func (c *Calendar) at(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, minutes/60, minutes%60, 0, 0, c.location())
}

// deadlines computes what a service promises for a case that arrived at t.
func (rules *Rules) deadlines(s Service, t time.Time) Deadlines {
	var due Deadlines
	if s.FirstReplyMinutes > 0 {
		due.FirstReply = rules.Calendar.Add(t, time.Duration(s.FirstReplyMinutes)*time.Minute)
	}
	if s.ResolutionDays > 0 {
		due.Resolution = rules.Calendar.AddDays(t, s.ResolutionDays)
	}
	return due
}
