package table

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"segnavia/civic"
)

// Row is one line of the table, read by the mapping. Line counts from 1, with
// the heading; Position is nil where the table knows no place.
type Row struct {
	Line                            int
	ID, Title, Description, Address string
	Service, Group, Desk, Team      string
	Created, Closed                 time.Time
	Status                          civic.Status
	Channel                         civic.Channel
	// StatusWord and ChannelWord are the table's own words for them.
	StatusWord, ChannelWord string
	Supporters              int // others who said the same
	Position                *civic.Position
}

// SkippedError says why a line cannot be imported. The reading goes on.
type SkippedError struct {
	Line int
	Why  string
}

func (e *SkippedError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Rows reads the table line by line, packed with gzip or not. A line that cannot
// be used comes as a *SkippedError; any other error ends the reading.
func (m *Mapping) Rows(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		c := &m.Columns
		reader, column, err := openCSV(r, m.Delimiter, []string{c.ID, c.Created, c.Service, c.Lon, c.Status, c.Channel, c.Supporters})
		if err != nil {
			yield(Row{}, err)
			return
		}
		for {
			record, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			line, _ := reader.FieldPos(0)
			var parse *csv.ParseError
			switch {
			case errors.As(err, &parse):
				if !yield(Row{}, &SkippedError{parse.StartLine, parse.Err.Error()}) {
					return
				}
				continue
			case err != nil:
				yield(Row{}, err)
				return
			}
			row, why := m.row(func(name string) string { return fieldOf(record, column, name) })
			row.Line = line
			if why != "" {
				err = &SkippedError{line, why}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// openCSV reads the heading of a table, packed with gzip or not, with a byte
// order mark or not, and finds its columns. Those needed must be there.
func openCSV(r io.Reader, delimiter string, needed []string) (*csv.Reader, map[string]int, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if magic, err := in.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, err
		}
		in = bufio.NewReaderSize(unpacked, 1<<16)
	}
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // just seen
	}
	reader := csv.NewReader(in)
	reader.ReuseRecord, reader.LazyQuotes, reader.FieldsPerRecord = true, true, -1
	if delimiter != "" {
		reader.Comma, _ = utf8.DecodeRuneInString(delimiter)
	}
	heading, err := reader.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("heading: %w", err)
	}
	column := make(map[string]int, len(heading))
	for i, name := range heading {
		column[strings.TrimSpace(strings.Clone(name))] = i
	}
	for _, name := range needed {
		if _, ok := column[name]; !ok && name != "" {
			return nil, nil, fmt.Errorf("heading: no column %q", name)
		}
	}
	return reader, column, nil
}

// fieldOf is a column's text in a line, in valid UTF-8; a column that is not
// there is empty.
func fieldOf(record []string, column map[string]int, name string) string {
	at, ok := column[name]
	if !ok || at >= len(record) {
		return ""
	}
	return strings.ToValidUTF8(strings.Clone(strings.TrimSpace(record[at])), "\ufffd")
}

// row reads one line; why says what keeps it from being used.
func (m *Mapping) row(field func(string) string) (row Row, why string) {
	c := &m.Columns
	row = Row{
		ID: field(c.ID), Title: field(c.Title), Description: field(c.Description), Address: field(c.Address),
		Service: field(c.Service), Group: field(c.Group), Desk: field(c.Desk), Team: field(c.Team),
		StatusWord: field(c.Status), ChannelWord: field(c.Channel), Supporters: supporters(field(c.Supporters)),
		Status: civic.StatusNew, Channel: civic.ChannelStaff,
	}
	if row.ID == "" {
		return row, "no id"
	}
	row.Service, row.Desk = cmp.Or(row.Service, m.Service), cmp.Or(row.Desk, m.Desk)
	if row.Service == "" {
		return row, "no service"
	}
	var err error
	if row.Created, err = m.Time.parse(field(c.Created)); err != nil {
		return row, err.Error()
	}
	if row.Created.IsZero() {
		return row, "no time of arrival"
	}
	if row.Closed, err = m.Time.parse(field(c.Closed)); err != nil {
		return row, err.Error()
	}
	if c.Status != "" {
		status, ok := translate(m.Status, row.StatusWord)
		if !ok {
			return row, fmt.Sprintf("unknown status %.40q", row.StatusWord)
		}
		row.Status = status
	}
	if c.Channel != "" {
		channel, ok := translate(m.Channel, row.ChannelWord)
		if !ok {
			return row, fmt.Sprintf("unknown channel %.40q", row.ChannelWord)
		}
		row.Channel = channel
	}
	row.Position, why = position(field(c.Lon), field(c.Lat))
	return row, why
}

// supporters reads how many others said the same; anything else is none.
func supporters(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return min(n, civic.MaxFollowers)
}

// position reads a place. Nothing, and the point 0, 0 that many systems write
// for nothing, is no place.
func position(lon, lat string) (*civic.Position, string) {
	if lon == "" || lat == "" {
		return nil, ""
	}
	x, err1 := strconv.ParseFloat(lon, 64)
	y, err2 := strconv.ParseFloat(lat, 64)
	if err1 != nil || err2 != nil || !(math.Abs(x) <= 180) || !(math.Abs(y) <= 90) {
		return nil, fmt.Sprintf("no such place: %.20s, %.20s", lon, lat)
	}
	if x == 0 && y == 0 {
		return nil, ""
	}
	return &civic.Position{Lon: x, Lat: y}, ""
}
