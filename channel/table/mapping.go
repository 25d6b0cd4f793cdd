package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
	// EPSG is the reference system of the places; longitude and latitude when missing.
	EPSG int `json:"epsg,omitempty"`
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
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Prefix string `json:"prefix"`
	Locale string `json:"locale"`
	Zone   string `json:"zone"`
	Areas  string `json:"areas,omitempty"`
	NameOf string `json:"area_name,omitempty"`  // property that names an area
	People string `json:"population,omitempty"` // property that counts its inhabitants
	// EPSG is the reference system of Areas where the file itself does not say.
	EPSG   int               `json:"areas_epsg,omitempty"`
	Grid   int               `json:"grid,omitempty"`
	Public civic.Publication `json:"public,omitempty"`
}

// maxGrid bounds the squares on a side of a town without areas.
const maxGrid = 50

var townPrefix = regexp.MustCompile(`^[A-Za-z]{2}$`)

// readMapping reads JSON in whatever encoding it was saved; a field that is not
// known is an error.
func readMapping(r io.Reader, into any) error {
	text, encoding, err := readText(r)
	if err != nil {
		return fmt.Errorf("mapping: %w", err)
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("mapping (%s): %w", encoding, err)
	}
	if d.More() {
		return errors.New("mapping: something stands behind its end")
	}
	return nil
}

// ReadMapping reads a mapping and checks that it can be used.
func ReadMapping(r io.Reader) (*Mapping, error) {
	var m Mapping
	if err := readMapping(r, &m); err != nil {
		return nil, err
	}
	switch {
	case m.Source == "":
		return nil, errors.New("mapping: source is missing")
	case m.Columns.ID == "" || m.Columns.Created == "" || m.Columns.Service == "":
		return nil, errors.New("mapping: columns id, created and service are needed")
	case (m.Columns.Lon == "") != (m.Columns.Lat == ""):
		return nil, errors.New("mapping: columns lon and lat come together")
	case m.Town.Slug == "" || m.Town.Name == "" || !townPrefix.MatchString(m.Town.Prefix):
		return nil, errors.New("mapping: town needs a slug, a name and a prefix of two letters")
	case m.Town.Grid > maxGrid:
		return nil, fmt.Errorf("mapping: a grid of at most %d × %d", maxGrid, maxGrid)
	}
	if err := errors.Join(checkDelimiter(m.Delimiter), checkEPSG(m.EPSG), checkEPSG(m.Town.EPSG)); err != nil {
		return nil, err
	}
	if m.EPSG == 0 {
		m.EPSG = wgs84
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

// checkDelimiter refuses what cannot divide cells; "" is told by the file.
func checkDelimiter(s string) error {
	switch {
	case utf8.RuneCountInString(s) > 1:
		return errors.New("mapping: delimiter is one character")
	case strings.ContainsAny(s, "\r\n\""):
		return errors.New("mapping: delimiter divides no cells")
	}
	return nil
}

// checkEPSG refuses what no reference system is numbered; 0 is none declared.
func checkEPSG(epsg int) error {
	if epsg < 0 || epsg > 999_999 {
		return fmt.Errorf("mapping: no reference system %d", epsg)
	}
	return nil
}

// jurisdiction is the id of the mapping's town, the same whenever it is read.
func (m *Mapping) jurisdiction() civic.JurisdictionID {
	return civic.DeriveID[civic.Jurisdiction](civic.ID[civic.Jurisdiction]{}, "import:"+m.Town.Slug)
}

// translate finds a word's meaning, whatever its capitals, or that of "*".
func translate[T any](m map[string]T, word string) (T, bool) {
	if v, ok := m[word]; ok {
		return v, true
	}
	for _, known := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(known, word) {
			return m[known], true
		}
	}
	v, ok := m["*"]
	return v, ok
}

// Projected reports whether the table's places are in another system than WGS 84.
func (m *Mapping) Projected() bool { return m.EPSG != wgs84 }

// all are the columns that the mapping names.
func (c *Columns) all() []string {
	return []string{
		c.ID, c.Created, c.Closed, c.Status, c.Channel, c.Service, c.Group, c.Desk, c.Team,
		c.Title, c.Description, c.Address, c.Lon, c.Lat, c.Supporters,
	}
}
