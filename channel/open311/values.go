package open311

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"segnavia/civic"
	words "segnavia/text"
)

// Bounds of a query (GeoReport v2, response volume; the rest is ours).
const (
	maxSpan     = 90 * 24 * time.Hour
	maxRequests = 1000
	maxUpdates  = 5000
	maxSkip     = 100_000
	maxIDs      = 100 // as many codes as may be asked about at once on the pages
)

// moment reads a day or an instant; what carries no zone is the town's.
func moment(s string, zone *time.Location) (civic.Moment, bool) {
	m, ok := civic.ParseMoment(s, zone)
	return m, ok && m.Year() >= 1970 && m.Year() < 3000
}

// stamp writes an instant in whole seconds with its zone, "Z" or "+01:00".
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Truncate(time.Second).Format(time.RFC3339)
}

// window reads start_date and end_date, days and instants, in the town's zone. Without an end it reaches until now, at
// most 90 days; without a beginning it reaches back as usual.
func (p *params) window(now time.Time, usual time.Duration, zone *time.Location) (from, to time.Time, list faults) {
	read := func(name string) (m civic.Moment) {
		v := p.get(name)
		if v == "" {
			return m
		}
		m, ok := moment(v, zone)
		if !ok {
			list = append(list, bad("open311.error.date", "field", name))
		}
		return m
	}
	// A day begins a window with its first instant and ends it with its last.
	from, to = read("start_date").Time, read("end_date").Last()
	switch {
	case len(list) > 0:
		return from, to, list
	case from.IsZero() && to.IsZero():
		from, to = now.Add(-usual), now
	case from.IsZero():
		from = to.Add(-usual)
	case to.IsZero():
		if to = now; to.Sub(from) > maxSpan {
			to = from.Add(maxSpan)
		}
		if to.Before(from) {
			to = from
		}
	}
	switch {
	case from.After(now.Add(clockSkew)):
		return from, to, faults{bad("open311.error.future", "field", "start_date")}
	case to.Before(from):
		return from, to, faults{bad("open311.error.order")}
	case to.Sub(from) > maxSpan+25*time.Hour: // both days count, and an hour of summer time
		return from, to, faults{bad("open311.error.span", "days", 90)}
	}
	// Instants are told in whole seconds: the first and the last belong to the window.
	return from.Truncate(time.Second), to.Truncate(time.Second).Add(time.Second - time.Microsecond), nil
}

// clockSkew is how far another machine's clock may be ahead of ours.
const clockSkew = time.Hour

// page reads page and page_size, both from 1.
func (p *params) page(most int) (skip, size int, list faults) {
	read := func(name string, otherwise int) int {
		v := p.get(name)
		if v == "" {
			return otherwise
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			list = append(list, bad("open311.error.number", "field", name))
			return otherwise
		}
		return n
	}
	number := read("page", 1)
	size = min(read("page_size", most), most)
	if number > maxSkip/size+1 {
		list = append(list, bad("open311.error.number", "field", "page"))
		return 0, size, list
	}
	return (number - 1) * size, size, list
}

// place reads lat and long, which come together or not at all.
func (p *params) place() (lon, lat *float64, list faults) {
	read := func(name string, limit float64) *float64 {
		v := p.get(name)
		if v == "" {
			return nil
		}
		d, ok := civic.ParseDegrees(v, limit)
		if !ok {
			list = append(list, bad("open311.error.degrees", "field", name))
		}
		return &d
	}
	lat, lon = read("lat", 90), read("long", 180)
	if len(list) > 0 {
		x, real := civic.ParseReal(p.get("long"))
		y, also := civic.ParseReal(p.get("lat"))
		if real && also && !(civic.Bounds{}).Holds(x, y) { // numbers, and no degrees
			guess, _ := civic.GuessOf(x, y, civic.Bounds{})
			return nil, nil, faults{bad("door.place."+guess, "lon", x, "lat", y)}
		}
	}
	if len(list) == 0 && (lat == nil) != (lon == nil) {
		list = append(list, bad("open311.error.pair"))
	}
	return lon, lat, list
}

// media are the addresses of pictures, which must look like addresses of the web.
func (p *params) media() ([]string, faults) {
	var found []string
	for _, v := range p.values["media_url"] {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(v) > civic.MaxMediaURL {
			return nil, faults{bad("open311.error.url", "field", "media_url")}
		}
		found = append(found, v)
	}
	if len(found) > civic.MaxAttachments {
		return nil, faults{{400, "open311.error.limit", words.Args{"field": "media_url", "max": civic.MaxAttachments}}}
	}
	return found, nil
}

// truthy are the ways to say yes.
func truthy(v string) bool { return strings.EqualFold(v, "true") || v == "1" }

// extensions demands a yes or a no where anything is said of them.
func (p *params) extensions() faults {
	v := p.get("extensions")
	if v == "" || truthy(v) || strings.EqualFold(v, "false") || v == "0" {
		return nil
	}
	return faults{bad("open311.error.invalid", "field", "extensions")}
}
