package table

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"segnavia/civic"
)

// Register says how to read a register of streets (GeoJSON) or of house numbers
// (CSV). docs/import describes it with examples.
type Register struct {
	// Source names the register: importing it again replaces what it gave.
	Source string `json:"source"`
	// Town is the slug of the town that it belongs to.
	Town      string `json:"town"`
	Delimiter string `json:"delimiter,omitempty"` // one character; a comma when empty
	// EPSG is the reference system of X and Y; 4326 when missing.
	EPSG int `json:"epsg,omitempty"`
	// Columns are those of house numbers.
	Columns DoorColumns `json:"columns,omitzero"`
	// Name and Locality are properties of streets in GeoJSON.
	Name     string `json:"name,omitempty"`
	Locality string `json:"locality,omitempty"`
}

// DoorColumns are the names of columns. Street is put together of several, such
// as the kind of a street and its name.
type DoorColumns struct {
	Street   []string `json:"street"`
	Number   string   `json:"number"`
	Suffix   string   `json:"suffix,omitempty"`
	Postcode string   `json:"postcode,omitempty"`
	Locality string   `json:"locality,omitempty"`
	X        string   `json:"x"`
	Y        string   `json:"y"`
}

// ReadRegister reads the description of a register.
func ReadRegister(r io.Reader) (*Register, error) {
	var g Register
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&g); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	switch {
	case g.Source == "" || g.Town == "":
		return nil, errors.New("mapping: source and town are needed")
	case len([]rune(g.Delimiter)) > 1:
		return nil, errors.New("mapping: delimiter is one character")
	case g.EPSG < 0 || g.EPSG > 999_999:
		return nil, fmt.Errorf("mapping: no reference system %d", g.EPSG)
	}
	if g.EPSG == 0 {
		g.EPSG = 4326
	}
	if g.Name == "" {
		g.Name = "name"
	}
	return &g, nil
}

// Doors reads house numbers. Lines that cannot be used are told and left out; a
// number of 0 is how registers write "none" and is left out too.
func (g *Register) Doors(r io.Reader) (doors []civic.Door, skipped []SkippedError, err error) {
	c := &g.Columns
	if len(c.Street) == 0 || c.Number == "" || c.X == "" || c.Y == "" {
		return nil, nil, errors.New("mapping: columns street, number, x and y are needed")
	}
	reader, column, err := openCSV(r, g.Delimiter, append([]string{c.Number, c.X, c.Y}, c.Street...))
	if err != nil {
		return nil, nil, err
	}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return doors, skipped, nil
		}
		if parse, bad := errors.AsType[*csv.ParseError](err); bad {
			skipped = append(skipped, SkippedError{parse.StartLine, parse.Err.Error()})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		line, _ := reader.FieldPos(0)
		door, why := g.door(func(name string) string { return fieldOf(record, column, name) })
		if why != "" {
			skipped = append(skipped, SkippedError{line, why})
			continue
		}
		doors = append(doors, door)
	}
}

// doorNumber is a number with what stands behind it in the same column.
var doorNumber = regexp.MustCompile(`^([0-9]+)\s*[/-]?\s*([0-9A-Za-z]{0,8})$`)

func (g *Register) door(field func(string) string) (d civic.Door, why string) {
	c := &g.Columns
	words := make([]string, 0, len(c.Street))
	for _, name := range c.Street {
		words = append(words, field(name))
	}
	d.Street = civic.StreetName(strings.Join(words, " "))
	if d.Street == "" {
		return d, "no street"
	}
	parts := doorNumber.FindStringSubmatch(field(c.Number))
	if parts == nil {
		return d, fmt.Sprintf("no house number: %.20q", field(c.Number))
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 1 || n > civic.MaxNumber {
		return d, fmt.Sprintf("no house number: %.20q", field(c.Number))
	}
	d.Number, d.Suffix = n, strings.ToUpper(parts[2])
	if suffix := strings.Trim(field(c.Suffix), " /"); suffix != "" {
		d.Suffix = strings.ToUpper(cut(suffix, 8))
	}
	d.Postcode, d.Locality = cut(field(c.Postcode), 12), cut(field(c.Locality), 80)
	x, err1 := number(field(c.X))
	y, err2 := number(field(c.Y))
	if err1 != nil || err2 != nil {
		return d, fmt.Sprintf("no such place: %.20s, %.20s", field(c.X), field(c.Y))
	}
	d.X, d.Y = x, y
	return d, ""
}

// number reads a number with a point or, as registers write it, a comma.
func number(text string) (float64, error) {
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = errors.New("no number")
	}
	return v, err
}

// Ways reads streets of a GeoJSON FeatureCollection of lines, in WGS 84.
// Features without a name or a line are left out and counted.
func (g *Register) Ways(raw []byte) (ways []civic.Way, left int, err error) {
	var collection struct {
		Features []struct {
			Properties map[string]any  `json:"properties"`
			Geometry   json.RawMessage `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &collection); err != nil {
		return nil, 0, fmt.Errorf("streets: %w", err)
	}
	for _, f := range collection.Features {
		var shape struct {
			Type string `json:"type"`
		}
		name, _ := f.Properties[g.Name].(string)
		locality, _ := f.Properties[g.Locality].(string)
		name = civic.StreetName(name)
		if json.Unmarshal(f.Geometry, &shape) != nil || name == "" || shape.Type != "LineString" && shape.Type != "MultiLineString" {
			left++
			continue
		}
		ways = append(ways, civic.Way{Name: cut(name, 200), Locality: cut(locality, 80), Class: civic.StreetClass(name), Shape: f.Geometry})
	}
	if len(ways) == 0 {
		return nil, left, fmt.Errorf("streets: no named line in %d features (property %q)", len(collection.Features), g.Name)
	}
	return ways, left, nil
}
