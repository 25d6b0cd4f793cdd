package table

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"
	"unicode/utf8"

	"segnavia/civic"
)

// Row is one row of the table, read by the mapping. Line counts from 1, with the
// heading; Lines is how many lines of the file the row takes. Position is nil where
// the table knows no place.
type Row struct {
	Line, Lines                     int
	ID, Title, Description, Address string
	Service, Group, Desk, Team      string
	Created, Closed                 time.Time
	Status                          civic.Status
	Channel                         civic.Channel
	// StatusWord and ChannelWord are the table's own words for them.
	StatusWord, ChannelWord string
	Supporters              int // others who said the same
	Position                *civic.Position
	// Notes tell a person what of the row was not read as it stands.
	Notes []string
}

// Projector turns coordinates of a reference system into WGS 84, where they stand.
// Those that it cannot turn become NaN.
type Projector func(epsg int, at []civic.Position) error

// toWGS84 projects what is not in WGS 84 already. A nil Projector is an error there.
func (p Projector) toWGS84(epsg int, at []civic.Position) error {
	switch {
	case epsg == wgs84:
		return nil
	case p == nil:
		return fmt.Errorf("coordinates in EPSG:%d need a database to be turned into longitude and latitude", epsg)
	}
	return p(epsg, at)
}

// Reading is what reading a table needs beside its mapping.
type Reading struct {
	// Now is when it is read: nothing has happened after tomorrow.
	Now time.Time
	// Areas are the town's, in WGS 84: what lies far from them is not read. Without
	// them it is what lies far from most other places.
	Areas []civic.ShapedArea
	// Project is needed where the mapping declares another reference system.
	Project Projector
}

// Table is a table of cases that has been opened.
type Table struct {
	*Sheet
	m    *Mapping
	with Reading
	near civic.Bounds
}

// Open reads a table, packed with gzip or not, and finds its heading.
func (m *Mapping) Open(r io.Reader, with Reading) (*Table, error) {
	c := &m.Columns
	t := &Table{m: m, with: with}
	var err error
	t.Sheet, err = open(r, m.Delimiter, c.all(), func(cell func(string) string) bool {
		at, _, err := m.Time.parse(cell(c.Created), with.Now)
		return err == nil && !at.IsZero() && cell(c.ID) != ""
	})
	if err != nil {
		return nil, err
	}
	t.near, err = t.surroundings()
	return t, err
}

// Rows reads the table row by row. Lines that cannot be used come as a
// *SkippedError; any other error ends the reading. Each line behind the heading
// belongs to one of them.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		seen := make(map[string]int)
		for batch := range t.batches() {
			if err := t.project(batch); err != nil {
				yield(Row{}, err)
				return
			}
			for i := range batch {
				one := &batch[i]
				first, again := seen[one.ID]
				switch {
				case one.skipped != nil:
				case again:
					one.skip(fmt.Sprintf("id %.40q stands in line %d already", one.ID, first))
				default:
					if why := t.misplaced(one); why != "" {
						one.skip(why)
					} else {
						seen[one.ID] = one.Line
					}
				}
				var err error
				if one.skipped != nil {
					err = one.skipped
				}
				if !yield(one.Row, err) {
					return
				}
			}
		}
	}
}

// rowBatch is how many rows are projected at once.
const rowBatch = 1000

// draft is a row while it is read: where it was told to lie, in the table's own
// system, and why it is skipped, if it is.
type draft struct {
	Row
	x, y    float64
	skipped *SkippedError
}

func (r *draft) skip(why string) { r.skipped = &SkippedError{r.Line, r.Lines, why} }

// batches reads rows with the places that the table has.
func (t *Table) batches() iter.Seq[[]draft] {
	return func(yield func([]draft) bool) {
		var batch []draft
		for one, skipped := range t.rows() {
			r := draft{skipped: skipped}
			if skipped == nil {
				var why string
				if r.Row, why = t.m.row(func(name string) string { return t.cell(one.cells, name) }, t.with.Now); why != "" {
					r.skipped = &SkippedError{one.line, one.lines, why}
				}
			}
			r.Line, r.Lines = one.line, one.lines
			if r.Position != nil {
				r.x, r.y = r.Position.Lon, r.Position.Lat
			}
			if batch = append(batch, r); len(batch) == rowBatch {
				if !yield(batch) {
					return
				}
				batch = batch[:0]
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// row reads the cells of one row; why says what keeps it from being used.
func (m *Mapping) row(cell func(string) string, now time.Time) (row Row, why string) {
	c := &m.Columns
	field := func(name string) string {
		if text := cell(name); !civic.IsNothing(text) {
			return text
		}
		return ""
	}
	row = Row{
		ID: field(c.ID), Title: field(c.Title), Description: field(c.Description), Address: field(c.Address),
		Service: field(c.Service), Group: field(c.Group), Desk: field(c.Desk), Team: field(c.Team),
		StatusWord: cell(c.Status), ChannelWord: cell(c.Channel), Status: civic.StatusNew, Channel: civic.ChannelStaff,
	}
	row.Service, row.Desk = cmp.Or(row.Service, m.Service), cmp.Or(row.Desk, m.Desk)
	switch {
	case row.ID == "":
		return row, "no id"
	case row.Service == "":
		return row, "no service"
	}
	if why = m.times(&row, field, now); why != "" {
		return row, why
	}
	var ok bool
	if c.Status != "" {
		if row.Status, ok = translate(m.Status, row.StatusWord); !ok {
			return row, fmt.Sprintf("unknown status %.40q", row.StatusWord)
		}
	}
	if c.Channel != "" {
		if row.Channel, ok = translate(m.Channel, row.ChannelWord); !ok {
			return row, fmt.Sprintf("unknown channel %.40q", row.ChannelWord)
		}
	}
	row.count(field(c.Supporters))
	row.measure()
	return row, row.place(cell(c.Lon), cell(c.Lat))
}

// times reads when a case came and was closed.
func (m *Mapping) times(row *Row, field func(string) string, now time.Time) (why string) {
	var err error
	var note string
	if row.Created, note, err = m.Time.parse(field(m.Columns.Created), now); err != nil {
		return err.Error()
	}
	row.note(note)
	if row.Created.IsZero() {
		return "no time of arrival"
	}
	if row.Closed, note, err = m.Time.parse(field(m.Columns.Closed), now); err != nil {
		return "closed: " + err.Error()
	}
	row.note(note)
	if !row.Closed.IsZero() && row.Closed.Before(row.Created) {
		row.note(fmt.Sprintf("closed at %.30q, before it came: no time of closing", field(m.Columns.Closed)))
		row.Closed = time.Time{}
	}
	return ""
}

func (r *Row) note(what string) {
	if what != "" {
		r.Notes = append(r.Notes, what)
	}
}

// count reads how many others said the same.
func (r *Row) count(text string) {
	if text == "" {
		return
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > civic.MaxFollowers {
		r.note(fmt.Sprintf("supporters %.30q is no number from 0 to %d: none", text, civic.MaxFollowers))
		return
	}
	r.Supporters = n
}

// measure notes texts that are longer than a report may hold.
func (r *Row) measure() {
	for _, text := range []struct {
		name, said string
		most       int
	}{
		{"title", r.Title, civic.MaxTitle}, {"description", r.Description, civic.MaxDescription}, {"address", r.Address, civic.MaxAddress},
	} {
		if utf8.RuneCountInString(text.said) > text.most {
			r.note(fmt.Sprintf("%s is longer than %d letters: cut", text.name, text.most))
		}
	}
}

// place reads a place in the table's own system. Nothing, and the point 0, 0 that
// many systems write for nothing, is no place; half a place is none either, which
// is noted.
func (r *Row) place(lon, lat string) (why string) {
	noX, noY := civic.IsNothing(lon), civic.IsNothing(lat)
	if noX || noY {
		if noX != noY {
			r.note(fmt.Sprintf("half a place (%.20q, %.20q): none", lon, lat))
		}
		return ""
	}
	x, ok1 := civic.ParseReal(lon)
	y, ok2 := civic.ParseReal(lat)
	if !ok1 || !ok2 {
		return fmt.Sprintf("no such place: %.30q, %.30q", lon, lat)
	}
	if x == 0 && y == 0 {
		return ""
	}
	r.Position = &civic.Position{Lon: x, Lat: y}
	return ""
}
