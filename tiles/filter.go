package tiles

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/geo"
)

// Style is what a tile is made of.
type Style string

// The styles of a tile, the values of the parameter kind.
const (
	Auto Style = "auto" // clusters and single reports
	Heat Style = "heat" // a grid of counts
	Hex  Style = "hex"  // hexagons; not served yet
)

// Filter is which reports a tile counts. The zero Filter means all, as Auto.
type Filter struct {
	States   uint16   // one bit for each geo.State; 0 means all
	Channels uint16   // one bit for each geo.Channel; 0 means all
	Services []string // codes or ids, sorted; nil means all
	Groups   []string // groups of services, sorted; nil means all
	Teams    []string // ids or none, sorted; nil means all
	Area     string   // an area's id; empty means all
	From, To geo.Day  // days of creation in the town, both included; 0 means no bound
	Style    Style    // empty means Auto
}

// ParameterError says which parameter of a request cannot be read, and why, in
// words for a program's log: Reason is one of unknown_name, too_long, too_many, repeated,
// unknown_word, not_an_id, not_a_date, out_of_range, backwards, not_served,
// not_public.
type ParameterError struct{ Name, Reason string }

func (e *ParameterError) Error() string {
	return fmt.Sprintf("parameter %s: %s", e.Name, e.Reason)
}

const (
	maxValueBytes = 2048 // 50 ids and their commas
	maxWords      = 50
	maxWordBytes  = 100
)

// ParseFilter reads status, service, group, team, area, channel, from, to and kind.
// Lists are separated by commas, except that a group is one name, in which a
// comma may stand; an empty value is as none. Its errors are *ParameterError, one of
// them for a parameter of another name: a filter with a slip in it is no filter.
func ParseFilter(q url.Values) (Filter, error) {
	var f Filter
	known := [...]parameter{
		{"status", f.setStatus},
		{"channel", f.setChannel},
		{"service", func(w []string) string { f.Services = w; return "" }},
		{"group", func(w []string) string { f.Groups = w; return "" }},
		{"team", f.setTeam},
		{"area", f.setArea},
		{"from", func(w []string) string { return setDay(&f.From, w) }},
		{"to", func(w []string) string { return setDay(&f.To, w) }},
		{"kind", f.setKind},
	}
	for name := range q {
		if !slices.ContainsFunc(known[:], func(p parameter) bool { return p.name == name }) {
			return Filter{}, &ParameterError{name, "unknown_name"}
		}
	}
	for _, p := range known {
		words, reason := words(q[p.name], p.name != "group")
		if reason == "" && words != nil {
			reason = p.set(words)
		}
		if reason != "" {
			return Filter{}, &ParameterError{p.name, reason}
		}
	}
	if f.To != 0 && f.To < f.From {
		return Filter{}, &ParameterError{"to", "backwards"}
	}
	return f, nil
}

// parameter is one that a filter is read from. set gives a reason where it cannot be.
type parameter struct {
	name string
	set  func(words []string) (reason string)
}

// allowed refuses the public a filter by what the public is not told of a report: who
// works on it and how it came could be found out by asking for each.
func (f *Filter) allowed(a Access) error {
	switch {
	case a == Staff:
		return nil
	case f.Teams != nil:
		return &ParameterError{"team", "not_public"}
	case f.Channels != 0:
		return &ParameterError{"channel", "not_public"}
	}
	return nil
}

// words splits a list, sorted and without repetitions; nil when it is empty.
func words(values []string, list bool) ([]string, string) {
	switch {
	case len(values) == 0:
		return nil, ""
	case len(values) > 1:
		return nil, "repeated"
	case len(values[0]) > maxValueBytes:
		return nil, "too_long"
	}
	separator := ","
	if !list {
		separator = "\n"
	}
	var out []string
	for w := range strings.SplitSeq(values[0], separator) {
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		if len(w) > maxWordBytes {
			return nil, "too_long"
		}
		if len(out) == maxWords {
			return nil, "too_many"
		}
		out = append(out, w)
	}
	slices.Sort(out)
	return slices.Compact(out), ""
}

func (f *Filter) setStatus(words []string) string {
	for _, w := range words {
		switch w {
		case "open":
			f.States |= geo.OpenStates
		case "closed":
			f.States |= geo.ClosedStates
		default:
			s, ok := statusOf(w)
			if !ok {
				return "unknown_word"
			}
			f.States |= 1 << s
		}
	}
	return ""
}

func (f *Filter) setChannel(words []string) string {
	for _, w := range words {
		c, ok := channelOf(w)
		if !ok {
			return "unknown_word"
		}
		f.Channels |= 1 << c
	}
	return ""
}

func (f *Filter) setTeam(words []string) string {
	for _, w := range words {
		if _, err := uuid.Parse(w); err != nil && w != "none" {
			return "not_an_id"
		}
	}
	f.Teams = words
	return ""
}

func (f *Filter) setArea(words []string) string {
	if len(words) > 1 {
		return "too_many"
	}
	id, err := uuid.Parse(words[0])
	if err != nil {
		return "not_an_id"
	}
	f.Area = id.String()
	return ""
}

func (f *Filter) setKind(words []string) string {
	if len(words) > 1 {
		return "too_many"
	}
	switch s := Style(words[0]); s {
	case Auto, Heat:
		f.Style = s
	case Hex:
		return "not_served"
	default:
		return "unknown_word"
	}
	return ""
}

func setDay(d *geo.Day, words []string) string {
	if len(words) > 1 {
		return "too_many"
	}
	// The day as it is written: an index of days knows no zones.
	t, ok := civic.ParseMoment(words[0], time.UTC)
	if !ok {
		return "not_a_date"
	}
	// The ends of the scale are where other dates are clamped to.
	if *d = geo.DayOf(t.Time); *d == 0 || *d == 1<<16-1 {
		return "out_of_range"
	}
	return ""
}
