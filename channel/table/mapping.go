package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"segnavia/civic"
)

// Mapping says what the columns of a table mean. docs/import describes it with
// examples.
type Mapping struct {
	// Source names the table in the ids of what is imported: the same source and
	// row make the same ids, whatever the file is called.
	Source    string `json:"source"`
	Delimiter string `json:"delimiter,omitempty"` // one character; a comma when empty
	Time      Clock  `json:"time"`
	// Columns names the column of each field; a field without one is empty.
	Columns Columns `json:"columns"`
	// Status and Channel translate the table's words; "*" stands for any other.
	Status  map[string]civic.Status  `json:"status,omitempty"`
	Channel map[string]civic.Channel `json:"channel,omitempty"`
	// Service is that of rows that name none; without it they are skipped.
	Service string `json:"default_service,omitempty"`
	// Desk is that of rows that name none: without one nobody in the town hall
	// sees them.
	Desk string `json:"default_desk,omitempty"`
	Town Town   `json:"town"`
}

// Clock says how the table writes times: a layout of Go's time package, or unix
// for whole seconds; Zone is that of the layout's times.
type Clock struct {
	Layout string `json:"layout"`
	Zone   string `json:"zone,omitempty"`

	location *time.Location
}

// Columns are the names of columns.
type Columns struct {
	ID          string `json:"id"`
	Created     string `json:"created"`
	Closed      string `json:"closed,omitempty"`
	Status      string `json:"status,omitempty"`
	Channel     string `json:"channel,omitempty"`
	Service     string `json:"service"`
	Group       string `json:"group,omitempty"`
	Desk        string `json:"desk,omitempty"`
	Team        string `json:"team,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Address     string `json:"address,omitempty"`
	Lon         string `json:"lon,omitempty"`
	Lat         string `json:"lat,omitempty"`
	Supporters  string `json:"supporters,omitempty"`
}

// Town is the town that the cases belong to. Areas is a GeoJSON file beside the
// mapping; without one the town is cut into a grid of Grid × Grid squares.
type Town struct {
	Slug   string            `json:"slug"`
	Name   string            `json:"name"`
	Prefix string            `json:"prefix"`
	Locale string            `json:"locale"`
	Zone   string            `json:"zone"`
	Areas  string            `json:"areas,omitempty"`
	NameOf string            `json:"area_name,omitempty"`  // property that names an area
	People string            `json:"population,omitempty"` // property that counts its inhabitants
	Grid   int               `json:"grid,omitempty"`
	Public civic.Publication `json:"public,omitempty"`
}

// ReadMapping reads a mapping and checks that it can be used.
func ReadMapping(r io.Reader) (*Mapping, error) {
	var m Mapping
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	switch {
	case m.Source == "":
		return nil, errors.New("mapping: source is missing")
	case m.Columns.ID == "" || m.Columns.Created == "" || m.Columns.Service == "":
		return nil, errors.New("mapping: columns id, created and service are needed")
	case (m.Columns.Lon == "") != (m.Columns.Lat == ""):
		return nil, errors.New("mapping: columns lon and lat come together")
	case m.Town.Slug == "" || m.Town.Name == "" || len(m.Town.Prefix) != 2:
		return nil, errors.New("mapping: town needs a slug, a name and a prefix of two letters")
	case len([]rune(m.Delimiter)) > 1:
		return nil, errors.New("mapping: delimiter is one character")
	}
	for word, status := range m.Status {
		if !status.Valid() {
			return nil, fmt.Errorf("mapping: status %q: no status %q", word, status)
		}
	}
	for word, channel := range m.Channel {
		if !channel.Valid() {
			return nil, fmt.Errorf("mapping: channel %q: no channel %q", word, channel)
		}
	}
	var err error
	if m.Time.location, err = time.LoadLocation(m.Time.Zone); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	if _, err := time.LoadLocation(m.Town.Zone); err != nil || m.Town.Zone == "" {
		return nil, fmt.Errorf("mapping: town zone %q is unknown", m.Town.Zone)
	}
	if m.Town.Public == "" {
		m.Town.Public = civic.PublishPlace
	}
	return &m, nil
}

// parse reads a time of the table; empty is no time.
func (c *Clock) parse(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if c.Layout == "unix" {
		var seconds int64
		if _, err := fmt.Sscanf(text, "%d", &seconds); err != nil {
			return time.Time{}, fmt.Errorf("time %.30q is not in seconds", text)
		}
		return time.Unix(seconds, 0).UTC(), nil
	}
	t, err := time.ParseInLocation(c.Layout, text, c.location)
	if err != nil {
		return t, fmt.Errorf("time %.30q is not written as %q", text, c.Layout)
	}
	return t.UTC(), nil
}

// translate finds a word's meaning, or that of "*".
func translate[T any](m map[string]T, word string) (T, bool) {
	v, ok := m[word]
	if !ok {
		v, ok = m["*"]
	}
	return v, ok
}
