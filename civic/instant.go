package civic

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Moment is an instant as somebody wrote it.
type Moment struct {
	time.Time
	// Day says that only a day was written: Time is its first instant.
	Day bool
	// Twice says that the clock on the wall showed this time twice, when summer
	// time ended; Time is the first of both.
	Twice bool
}

// Last is the last microsecond that was meant: of a day its end, of an instant
// itself.
func (m Moment) Last() time.Time {
	if !m.Day {
		return m.Time
	}
	return m.AddDate(0, 0, 1).Add(-time.Microsecond)
}

// instant is ISO 8601's extended form as people and programs write it: a day, or a
// day and a time with a T or a blank between them, fractions of a second behind a
// point or a comma, and a zone, "Z", "+01:00", "+0100" or "+01". Where a "+" was
// not escaped in a query it arrives as a blank.
var instant = regexp.MustCompile(
	`^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?\s?([Zz]|[+\- ]\d{2}(?::?\d{2})?)?)?$`)

// ParseMoment reads a day or an instant, the same at every door. Without a zone it
// is the given one's. ok is false for anything else: a day that no calendar has,
// a time that the clock skipped when summer time began.
func ParseMoment(s string, zone *time.Location) (m Moment, ok bool) {
	part := instant.FindStringSubmatch(strings.TrimSpace(s))
	if part == nil {
		return m, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(part[i]); return v } // digits, or nothing for 0
	fraction := (part[7] + "000000000")[:9]
	nanos, _ := strconv.Atoi(fraction)
	wall := time.Date(n(1), time.Month(n(2)), n(3), n(4), n(5), n(6), nanos, time.UTC)
	if wall.Year() != n(1) || int(wall.Month()) != n(2) || wall.Day() != n(3) || n(4) > 23 || n(5) > 59 || n(6) > 59 {
		return m, false
	}
	if part[8] != "" {
		offset, ok := offsetOf(part[8])
		m.Time = wall.Add(-offset)
		return m, ok
	}
	if part[4] == "" {
		return Moment{Time: startOfDay(wall, zone), Day: true}, true
	}
	return OnTheWall(wall, zone)
}

// offsetOf reads what stands for a zone: how far its clocks are ahead.
func offsetOf(zone string) (time.Duration, bool) {
	digits := strings.ReplaceAll(zone[1:], ":", "")
	if digits == "" {
		return 0, true // Z
	}
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:]) // nothing for 0
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if zone[0] == '-' {
		offset = -offset
	}
	return offset, hours <= 14 && minutes <= 59
}

// startOfDay is the first instant of a day; where midnight is skipped, the one
// after it.
func startOfDay(wall time.Time, zone *time.Location) time.Time {
	if m, ok := OnTheWall(wall, zone); ok {
		return m.Time
	}
	return time.Date(wall.Year(), wall.Month(), wall.Day(), 1, 0, 0, 0, zone)
}

// OnTheWall is the instant at which the clocks of a zone show a time, given as if
// it were UTC. ok is false for a time that they skip.
func OnTheWall(wall time.Time, zone *time.Location) (m Moment, ok bool) {
	shows := func(t time.Time) bool {
		_, offset := t.In(zone).Zone()
		return t.Add(time.Duration(offset) * time.Second).Equal(wall)
	}
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	if !shows(t) {
		return m, false
	}
	// Clocks have never been put back by more than three hours or less than a
	// quarter of one.
	for step := -3 * time.Hour; step <= 3*time.Hour; step += 15 * time.Minute {
		if other := t.Add(step); step != 0 && shows(other) {
			m.Twice = true
			if other.Before(t) {
				t = other
			}
		}
	}
	m.Time = t
	return m, true
}

// plausible is the first instant that a case can have: before it no town had such a
// register.
var plausible = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// Plausible reports whether something told now can have happened at an instant: not
// before 1990 and not after tomorrow.
func Plausible(t, now time.Time) bool {
	return !t.Before(plausible) && t.Before(now.AddDate(0, 0, 2))
}
