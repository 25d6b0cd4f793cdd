package table

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sheet is a table in memory: where its heading stands, what divides its cells,
// and how it was written. Lines of the file count from 1.
type Sheet struct {
	Encoding  string
	Delimiter rune
	// Heading is the line of the heading; those before it are a preamble.
	Heading int
	Columns []string

	text   string // behind the heading
	column map[string]int
	// whole reports whether the cells of a line are a row by themselves.
	whole func(cell func(string) string) bool
}

// SkippedError says why a line cannot be used. The reading goes on. Lines is how
// many lines of the file it stands for: a row with line breaks in it is several.
type SkippedError struct {
	Line, Lines int
	Why         string
}

func (e *SkippedError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// maxPreamble is how far a heading is looked for.
const maxPreamble = 100

// delimiters are what divides cells, the likeliest first.
var delimiters = []rune{';', ',', '\t', '|'}

// open reads a table and finds its heading: the first line that has the columns
// needed, divided as the mapping says, as the file says ("sep=;"), or by any of
// delimiters. whole may be nil.
func open(r io.Reader, delimiter string, needed []string, whole func(func(string) string) bool) (*Sheet, error) {
	text, encoding, err := readText(r)
	if err != nil {
		return nil, err
	}
	s := &Sheet{Encoding: encoding, whole: whole}
	needed = slices.DeleteFunc(slices.Clone(needed), func(name string) bool { return name == "" })
	tried := delimiters
	if delimiter != "" {
		first, _ := utf8.DecodeRuneInString(delimiter)
		tried = append([]rune{first}, delimiters...)
	}
	at := 0
	if comma, ok := declared(text[:lineEnd(text, 0)]); ok {
		tried, at = append([]rune{comma}, tried...), lineEnd(text, 0)
	}
	var near nearest
	for line := 1 + min(at, 1); at < len(text) && line <= maxPreamble; line++ {
		for _, comma := range tried {
			cells, used, _ := split(text[at:], comma)
			if near.lacks(cells, needed) == 0 {
				s.Delimiter, s.Heading, s.Columns = comma, line+lines(text[at:at+used])-1, near.names
				s.text = text[at+used:]
				return s, s.index(needed)
			}
		}
		at = lineEnd(text, at)
	}
	if near.names == nil {
		return nil, errors.New("heading: the file is empty")
	}
	return nil, fmt.Errorf("heading: no column %q; the columns found: %s (%s)", near.missing[0], quoteAll(near.names), encoding)
}

// declared reads the first line of a table that a spreadsheet wrote: "sep=;".
func declared(line string) (comma rune, ok bool) {
	said, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "sep=")
	if !ok || utf8.RuneCountInString(said) != 1 {
		return 0, false
	}
	comma, _ = utf8.DecodeRuneInString(said)
	return comma, true
}

// nearest is the line that comes nearest to a heading.
type nearest struct{ names, missing []string }

// lacks counts the needed columns that a line has not.
func (n *nearest) lacks(cells, needed []string) int {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = clean(cell)
	}
	missing := slices.DeleteFunc(slices.Clone(needed), func(name string) bool { return slices.Contains(names, name) })
	better := len(missing) < len(n.missing) || len(missing) == len(n.missing) && len(names) > len(n.names)
	if n.names == nil || better {
		n.names, n.missing = names, missing
	}
	return len(missing)
}

// lineEnd is where the next line begins.
func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// quoteAll lists the names of columns, the first of them.
func quoteAll(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i == 30 {
			return b.String() + fmt.Sprintf(" and %d more", len(names)-i)
		}
		fmt.Fprintf(&b, "%.60q ", name)
	}
	return strings.TrimSpace(b.String())
}

// index remembers where the columns stand. One that is needed and stands twice
// cannot be told apart.
func (s *Sheet) index(needed []string) error {
	s.column = make(map[string]int, len(s.Columns))
	for i, name := range s.Columns {
		if first, twice := s.column[name]; twice && slices.Contains(needed, name) {
			return fmt.Errorf("heading: column %q stands twice, as the %d. and the %d.: rename one", name, first+1, i+1)
		} else if !twice {
			s.column[name] = i
		}
	}
	return nil
}

// row is one record of a table: the line on which it begins and how many lines of
// the file it takes.
type row struct {
	line, lines int
	cells       []string
}

// cell is a column's text in a row, clean; a column that is not there is empty.
func (s *Sheet) cell(cells []string, name string) string {
	at, ok := s.column[name]
	if !ok || at >= len(cells) {
		return ""
	}
	return clean(cells[at])
}

// empty is the reason of lines without anything in them, which nobody need be told.
const empty = "empty"

// rows reads the records behind the heading, strictly by RFC 4180. Where a line does
// not follow it, that line alone is skipped and reading goes on with the next: no
// quotation mark swallows another's row. Every line of the file belongs to exactly
// one row or one *SkippedError.
func (s *Sheet) rows() iter.Seq2[row, *SkippedError] {
	return func(yield func(row, *SkippedError) bool) {
		at, line := 0, s.Heading+1
		for at < len(s.text) {
			cells, used, why := split(s.text[at:], s.Delimiter)
			if why == "" {
				why = s.swallowed(s.text[at:at+used], cells)
			}
			if why != "" {
				used = lineEnd(s.text, at) - at
			} else {
				why = s.misfit(cells)
			}
			one := row{line: line, lines: lines(s.text[at : at+used]), cells: cells}
			at, line = at+used, line+one.lines
			var skipped *SkippedError
			if why != "" {
				skipped = &SkippedError{one.line, one.lines, why}
			}
			if !yield(one, skipped) {
				return
			}
		}
	}
}

// lines counts the lines of a piece of text that ends with one.
func lines(text string) int {
	n := strings.Count(text, "\n")
	if !strings.HasSuffix(text, "\n") {
		n++
	}
	return n
}

// misfit says why a record is no row of this table.
func (s *Sheet) misfit(cells []string) (why string) {
	given := len(cells)
	for given > 0 && clean(cells[given-1]) == "" {
		given--
	}
	switch {
	case given == 0:
		return empty
	case given > len(s.Columns), len(cells) < len(s.Columns):
		return fmt.Sprintf("%d columns where the heading has %d", len(cells), len(s.Columns))
	case slices.EqualFunc(cells[:len(s.Columns)], s.Columns, func(cell, name string) bool { return clean(cell) == name }):
		return "the heading again"
	}
	return ""
}

// swallowed says so where lines of a record are rows by themselves: there a
// quotation mark was meant as one.
func (s *Sheet) swallowed(text string, cells []string) (why string) {
	following := strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:]
	if s.whole == nil || len(following) == 0 {
		return ""
	}
	if strings.Contains(cells[0], "\n") {
		following = following[:len(following)-1] // it ends the first cell
	}
	n := 0
	for _, line := range following {
		alone := strings.Split(line, string(s.Delimiter))
		if len(alone) == len(s.Columns) && s.whole(func(name string) string { return s.cell(alone, name) }) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("a quotation mark opens and takes in rows that follow: %d", n)
}

// longestCell bounds a cell in quotation marks: a mark that never closes does not
// read the whole file at every line.
const longestCell = 1 << 16

// split reads one record from the beginning of a text, and how many bytes it takes
// with its line break. why says where it leaves RFC 4180. A quotation mark within a
// cell that does not begin with one stands for itself: it cannot be mistaken.
func split(text string, comma rune) (cells []string, used int, why string) {
	for {
		var cell string
		if used < len(text) && text[used] == '"' {
			n, ok := 0, false
			if cell, n, ok = quoted(text[used:]); !ok {
				return cells, used, "a quotation mark opens and does not close"
			}
			used += n
		} else {
			n := strings.IndexFunc(text[used:], func(r rune) bool { return r == comma || r == '\n' })
			if n < 0 {
				n = len(text) - used
			}
			cell, used = text[used:used+n], used+n
		}
		cells = append(cells, cell)
		if used == len(text) {
			return cells, used, ""
		}
		r, size := utf8.DecodeRuneInString(text[used:])
		switch r {
		case '\n':
			return cells, used + size, ""
		case comma:
			used += size
		default:
			return cells, used, "text behind a quotation mark that closes"
		}
	}
}

// quoted reads a cell that begins with a quotation mark, and its length with both.
func quoted(text string) (cell string, used int, ok bool) {
	var b strings.Builder
	for at := 1; at < min(len(text), longestCell); {
		n := strings.IndexByte(text[at:min(len(text), longestCell)], '"')
		if n < 0 {
			return "", 0, false
		}
		b.WriteString(text[at : at+n])
		if at += n + 1; at >= len(text) || text[at] != '"' {
			return b.String(), at, true
		}
		b.WriteByte('"')
		at++
	}
	return "", 0, false
}
