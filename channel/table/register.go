package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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
	// EPSG is the reference system of the coordinates; longitude and latitude when
	// missing. A file of streets may say it itself.
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
	Street []string `json:"street"`
	Number string   `json:"number"`
	Suffix string   `json:"suffix,omitempty"`
	// Colour tells red numbers from black ones, as Genova and Florence have them;
	// ANNCSU calls it SPECIFICITA.
	Colour string `json:"colour,omitempty"`
	Inner  string `json:"inner,omitempty"`
	// Metric counts metres from where a road begins, in place of a number.
	Metric string `json:"metric,omitempty"`
	// Unnumbered counts the doors without a number; ANNCSU calls it PROGRESSIVO_SNC.
	Unnumbered string `json:"unnumbered,omitempty"`
	Postcode   string `json:"postcode,omitempty"`
	Locality   string `json:"locality,omitempty"`
	X          string `json:"x"`
	Y          string `json:"y"`
}

// ReadRegister reads the description of a register.
func ReadRegister(r io.Reader) (*Register, error) {
	var g Register
	if err := readMapping(r, &g); err != nil {
		return nil, err
	}
	if g.Source == "" || g.Town == "" {
		return nil, errors.New("mapping: source and town are needed")
	}
	if err := errors.Join(checkDelimiter(g.Delimiter), checkEPSG(g.EPSG)); err != nil {
		return nil, err
	}
	if g.Name == "" {
		g.Name = "name"
	}
	return &g, nil
}

// DoorsRead is what reading a register of house numbers gave.
type DoorsRead struct {
	*Sheet
	EPSG    int
	Doors   []civic.Door
	Skipped []SkippedError
	// Lines of the file behind the heading, and how many of them are empty.
	Lines, EmptyLines int
}

// Doors reads house numbers. Lines that cannot be used are told and left out.
func (g *Register) Doors(r io.Reader) (*DoorsRead, error) {
	c := &g.Columns
	if len(c.Street) == 0 || c.Number == "" || c.X == "" || c.Y == "" {
		return nil, errors.New("mapping: columns street, number, x and y are needed")
	}
	needed := append([]string{c.Number, c.Suffix, c.Colour, c.Inner, c.Metric, c.Unnumbered, c.Postcode, c.Locality, c.X, c.Y}, c.Street...)
	sheet, err := open(r, g.Delimiter, needed, func(cell func(string) string) bool {
		_, why := g.door(cell)
		return why == ""
	})
	if err != nil {
		return nil, err
	}
	d := &DoorsRead{Sheet: sheet, EPSG: g.EPSG}
	if d.EPSG == 0 {
		d.EPSG = wgs84
	}
	for one, skipped := range sheet.rows() {
		d.Lines += one.lines
		switch {
		case skipped != nil && skipped.Why == empty:
			d.EmptyLines += one.lines
			continue
		case skipped != nil:
			d.Skipped = append(d.Skipped, *skipped)
			continue
		}
		door, why := g.door(func(name string) string { return sheet.cell(one.cells, name) })
		if why != "" {
			d.Skipped = append(d.Skipped, SkippedError{one.line, one.lines, why})
			continue
		}
		door.Line = one.line
		d.Doors = append(d.Doors, door)
	}
	return d, nil
}

// Settle brings the doors into WGS 84 and leaves out, and tells, those that lie
// nowhere near the town. If most do, they were read in the wrong system, and it is
// an error.
func (d *DoorsRead) Settle(project Projector, near civic.Bounds) error {
	at := make([]civic.Position, len(d.Doors))
	for i, door := range d.Doors {
		at[i] = civic.Position{Lon: door.X, Lat: door.Y}
	}
	if err := project.toWGS84(d.EPSG, at); err != nil {
		return err
	}
	kept, first := make([]civic.Door, 0, len(d.Doors)), ""
	for i, door := range d.Doors {
		if near.Holds(at[i].Lon, at[i].Lat) {
			door.X, door.Y = at[i].Lon, at[i].Lat
			kept = append(kept, door)
			continue
		}
		why := Misplaced(door.X, door.Y, d.EPSG, near)
		if first == "" {
			first = fmt.Sprintf("line %d: %s", door.Line, why)
		}
		d.Skipped = append(d.Skipped, SkippedError{door.Line, 1, why})
	}
	if 2*len(kept) < len(d.Doors) {
		return fmt.Errorf("%d of %d house numbers lie nowhere near the town; %s", len(d.Doors)-len(kept), len(d.Doors), first)
	}
	slices.SortStableFunc(d.Skipped, func(a, b SkippedError) int { return a.Line - b.Line })
	d.Doors, d.EPSG = kept, wgs84
	return nil
}

// door reads the cells of one line; why says what keeps it from being used.
func (g *Register) door(cell func(string) string) (d civic.Door, why string) {
	c := &g.Columns
	field := func(name string) string {
		if text := cell(name); !civic.IsNothing(text) {
			return text
		}
		return ""
	}
	words := make([]string, 0, len(c.Street))
	for _, name := range c.Street {
		words = append(words, field(name))
	}
	d.Street = cut(civic.StreetName(strings.Join(words, " ")), longestName)
	if d.Street == "" {
		return d, "no street"
	}
	if d.HouseNumber, why = g.houseNumber(field); why != "" {
		return d, why
	}
	d.Postcode, d.Locality = cut(field(c.Postcode), 12), cut(field(c.Locality), 80)
	x, ok1 := civic.ParseReal(cell(c.X))
	y, ok2 := civic.ParseReal(cell(c.Y))
	if !ok1 || !ok2 || x == 0 && y == 0 {
		return d, fmt.Sprintf("no place: %.30q, %.30q", cell(c.X), cell(c.Y))
	}
	d.X, d.Y = x, y
	return d, ""
}

// longestName bounds the name of a street.
const longestName = 200

// houseNumber puts a house number together of its columns. A number of 0 is how
// registers write "none": without anything that says what else stands there, the
// line is told and left out.
func (g *Register) houseNumber(field func(string) string) (h civic.HouseNumber, why string) {
	c := &g.Columns
	number := field(c.Number)
	if strings.Trim(number, "0") == "" {
		return g.otherwise(number, field)
	}
	h, rest, ok := civic.ParseHouseNumber(number, civic.MaxRegisterNumber)
	if !ok || strings.Trim(rest, " ,;.") != "" {
		return h, fmt.Sprintf("no house number: %.30q", number)
	}
	if suffix := strings.Trim(field(c.Suffix), " /-"); suffix != "" {
		// "A", "BIS", "2/4", "A ROSSO": what would stand behind the digits.
		behind, rest, ok := civic.ParseHouseNumber("1/"+suffix, civic.MaxNumber)
		if !ok || strings.TrimSpace(rest) != "" {
			return h, fmt.Sprintf("house number %.20q: what is %.20q behind it?", number, suffix)
		}
		h.Red = h.Red || behind.Red
		h.Suffix = strings.Trim(h.Suffix+"/"+behind.Suffix, "/")
		if behind.Inner != "" {
			h.Inner = behind.Inner
		}
	}
	switch colour := strings.ToUpper(field(c.Colour)); colour {
	case "R", "ROSSO", "ROSSA", "RED":
		h.Red = true
	case "", "N", "NERO", "NERA", "BLACK", "NO":
	default:
		return h, fmt.Sprintf("house number %.20q: no colour %.20q", number, colour)
	}
	if inner := field(c.Inner); inner != "" {
		h.Inner = strings.ToUpper(cut(inner, 8))
	}
	return h, ""
}

// otherwise reads what a door has in place of a number: metres along a road, or
// that there is none.
func (g *Register) otherwise(number string, field func(string) string) (h civic.HouseNumber, why string) {
	c := &g.Columns
	if text := field(c.Metric); strings.Trim(text, "0") != "" {
		metres, ok := civic.ParseReal(text)
		if !ok || metres < 1 || metres > 9_999_999 {
			return h, fmt.Sprintf("no number of metres: %.30q", text)
		}
		return civic.HouseNumber{Metres: int(metres)}, ""
	}
	if strings.Trim(field(c.Unnumbered), "0") != "" {
		return civic.HouseNumber{Unnumbered: true}, ""
	}
	return h, fmt.Sprintf("no house number: %.30q", number)
}

// WaysRead is what reading a register of streets gave: each feature is a street or
// is skipped, by its number from 1.
type WaysRead struct {
	*Features
	Ways    []civic.Way
	Skipped []SkippedError
}

// Ways reads streets of a GeoJSON file of lines, into WGS 84. Features without a
// name, without a line or far from the town are told and left out; if no street is
// left it is an error that says why the first is not.
func (g *Register) Ways(raw []byte, project Projector, near civic.Bounds) (*WaysRead, error) {
	f, err := readFeatures(raw, g.EPSG)
	if err != nil {
		return nil, fmt.Errorf("streets: %w", err)
	}
	w := &WaysRead{Features: f}
	far, first := 0, ""
	for i := range f.list {
		way, why, misplaced, err := g.way(f, &f.list[i], project, near)
		switch {
		case err != nil:
			return nil, fmt.Errorf("streets: feature %d: %w", i+1, err)
		case why == "":
			w.Ways = append(w.Ways, way)
			continue
		case misplaced:
			if far++; first == "" {
				first = fmt.Sprintf("feature %d (%.60s): %s", i+1, way.Name, why)
			}
		}
		w.Skipped = append(w.Skipped, SkippedError{i + 1, 1, why})
	}
	switch {
	case far > len(w.Ways):
		return nil, fmt.Errorf("streets: %d of %d lie nowhere near the town; %s", far, far+len(w.Ways), first)
	case len(w.Ways) == 0:
		return nil, fmt.Errorf("streets: no named line in %d features (property %q)", len(f.list), g.Name)
	}
	return w, nil
}

func (g *Register) way(f *Features, one *feature, project Projector, near civic.Bounds) (w civic.Way, why string, misplaced bool, err error) {
	w.Name = cut(civic.StreetName(one.named(g.Name)), longestName)
	w.Locality, w.Class = cut(one.named(g.Locality), 80), civic.StreetClass(w.Name)
	switch {
	case w.Name == "":
		return w, "no name", false, nil
	case one.Geometry == nil:
		return w, "no line", false, nil
	}
	lines, err := one.Geometry.lines()
	if err != nil {
		return w, err.Error(), false, nil //nolint:nilerr // what is wrong is the feature's, and told
	}
	if why, err = f.settle(lines, project, near); err != nil || why != "" {
		return w, why, true, err
	}
	var coordinates any = lines
	kind := "MultiLineString"
	if len(lines) == 1 {
		coordinates, kind = lines[0], "LineString"
	}
	w.Shape, err = json.Marshal(map[string]any{"type": kind, "coordinates": coordinates})
	return w, "", false, err
}
