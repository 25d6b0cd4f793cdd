package table

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"segnavia/civic"
)

// Clock says how the table writes times: a layout of Go's time package, unix for
// seconds or unixms for milliseconds since 1970; Zone is that of times that tell
// none. Whatever the layout, ISO 8601 is read too: it cannot be taken for anything
// else.
type Clock struct {
	Layout string `json:"layout"`
	Zone   string `json:"zone,omitempty"`

	location *time.Location
}

// The layouts that are no layouts of Go.
const (
	layoutUnix   = "unix"
	layoutUnixMS = "unixms"
)

// bare takes the zeros from a layout that lead its numbers: one that asks for them
// still reads numbers that have them.
var bare = strings.NewReplacer("2006", "2006", "002", "002", "02", "2", "01", "1", "03", "3", "04", "4", "05", "5", ".000", ".000", ",000", ",000")

// seconds is a number of seconds or milliseconds: the whole text, no prefix of it.
var seconds = regexp.MustCompile(`^([0-9]{1,15})(?:[.,]([0-9]{1,9}))?$`)

// parse reads a time of the table; nothing is no time. note tells a person what
// they should know of it.
func (c *Clock) parse(text string, now time.Time) (t time.Time, note string, err error) {
	if civic.IsNothing(text) {
		return t, "", nil
	}
	m, ok := c.moment(text)
	switch {
	case !ok && c.skips(text):
		return t, "", fmt.Errorf("time %.30q: the clock skipped it when summer time began", text)
	case !ok && (c.Layout == layoutUnix || c.Layout == layoutUnixMS):
		return t, "", fmt.Errorf("time %.30q is not a number of %s", text, c.unit())
	case !ok:
		return t, "", fmt.Errorf("time %.30q is not written as %q", text, c.Layout)
	case !civic.Plausible(m.Time, now):
		return t, "", fmt.Errorf("time %.30q is %s, which cannot be%s", text, m.UTC().Format("2006-01-02"), c.other(text, now))
	case m.Twice:
		note = fmt.Sprintf("time %.30q was shown twice when summer time ended: read as the first", text)
	}
	return m.UTC(), note, nil
}

func (c *Clock) unit() string {
	if c.Layout == layoutUnixMS {
		return "milliseconds"
	}
	return "seconds"
}

// other says whether a number would make sense in the other unit.
func (c *Clock) other(text string, now time.Time) string {
	other := Clock{Layout: layoutUnixMS, location: c.location}
	if c.Layout == layoutUnixMS {
		other.Layout = layoutUnix
	} else if c.Layout != layoutUnix {
		return ""
	}
	if m, ok := other.moment(text); ok && civic.Plausible(m.Time, now) {
		return fmt.Sprintf(" (in %s it would be %s: time.layout %q)", other.unit(), m.UTC().Format("2006-01-02"), other.Layout)
	}
	return ""
}

// moment reads a time as the layout or ISO 8601 has it.
func (c *Clock) moment(text string) (m civic.Moment, ok bool) {
	if c.Layout == layoutUnix || c.Layout == layoutUnixMS {
		parts := seconds.FindStringSubmatch(text)
		if parts == nil {
			return m, false
		}
		var n int64
		for _, digit := range parts[1] {
			n = n*10 + int64(digit-'0') // at most 15 digits
		}
		if c.Layout == layoutUnixMS {
			return civic.Moment{Time: time.UnixMilli(n).UTC()}, true
		}
		return civic.Moment{Time: time.Unix(n, 0).UTC()}, true
	}
	if wall, ok := c.wall(text); ok {
		if c.zoned() {
			return civic.Moment{Time: wall}, true
		}
		return civic.OnTheWall(wall, c.location)
	}
	return civic.ParseMoment(text, c.location)
}

// wall reads a time by the layout: where that has no zone, what the clock shows, as
// if it were UTC.
func (c *Clock) wall(text string) (time.Time, bool) {
	if c.Layout == "" {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(bare.Replace(c.Layout), text, c.reading())
	if err != nil {
		return t, false
	}
	// An abbreviation that Go does not know is read as if it were UTC.
	name, offset := t.Zone()
	return t, !strings.Contains(c.Layout, "MST") || offset != 0 || name == "UTC" || name == "GMT" || name == "WET"
}

// reading is the zone in which the layout's times are read.
func (c *Clock) reading() *time.Location {
	if c.zoned() {
		return c.location
	}
	return time.UTC
}

// zoned reports whether the layout's times tell their zone.
func (c *Clock) zoned() bool {
	return strings.Contains(c.Layout, "-07") || strings.Contains(c.Layout, "Z07") || strings.Contains(c.Layout, "MST")
}

// skips reports whether a text is a time that the zone's clocks never show.
func (c *Clock) skips(text string) bool {
	if _, ok := c.wall(text); ok && !c.zoned() {
		return true
	}
	_, ok := civic.ParseMoment(text, time.UTC)
	return ok
}
