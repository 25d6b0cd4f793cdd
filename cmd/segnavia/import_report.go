package main

import (
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"segnavia/channel/table"
	"segnavia/civic"
)

// shownWords is how many of the table's words of a kind are printed.
const shownWords = 12

// understood tells what a table was taken for, so that a wrong mapping is seen
// before it is believed.
func (c *importCmd) understood(t *table.Table, m *table.Mapping, s *table.Survey, areas []civic.ShapedArea, told []string) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(w, "%s, read as %s:\n", c.File, m.Town.Name)
	line("written in", "%s, cells divided by %q, the heading in line %d", t.Encoding, t.Delimiter, t.Heading)
	line("lines", "%d behind the heading: %d read, %d skipped, %d empty", s.Lines, s.ReadLines, s.LeftLines, s.EmptyLines)
	line("cases", "%d, and %d rows that cannot be used; %d notes on what was read", s.Rows, s.Left, s.Notes)
	if s.Rows > 0 {
		line("arrived", "%s to %s (%s)", inZone(s.First, m.Town.Zone), inZone(s.Last, m.Town.Zone), m.Town.Zone)
	}
	line("closed", "%d with a time of closing", s.Closed)
	line("place", "%d with coordinates, %d without: those wait for the desk to place them", s.Placed, s.Rows-s.Placed)
	if m.Columns.Supporters != "" {
		line("supporters", "%d cases have some", s.Supporters)
	}
	line("desks, teams", "%d, %d", s.Desks(), s.Teams())
	line("areas", "%s", areasInWords(m, areas, s.Placed > 0))
	for _, one := range told {
		line("", "%s", one)
	}
	for _, of := range []string{table.OfService, table.OfStatus, table.OfChannel} {
		words := s.Words(of)
		line("", "")
		line(of, "%d words", len(words))
		for i, word := range words {
			if i == shownWords {
				line("", "and %d more", len(words)-i)
				break
			}
			line("", "%7d  %s", word.N, meaning(word, of))
		}
	}
	fmt.Fprintln(w)
	_ = w.Flush() // to the screen
}

func inZone(t time.Time, zone string) string {
	if location, err := time.LoadLocation(zone); err == nil {
		t = t.In(location)
	}
	return t.Format("2006-01-02 15:04")
}

func areasInWords(m *table.Mapping, areas []civic.ShapedArea, placed bool) string {
	switch {
	case len(areas) > 0:
		people := 0
		for _, a := range areas {
			people += a.Population
		}
		if people > 0 {
			return fmt.Sprintf("%d from %s, %d inhabitants", len(areas), m.Town.Areas, people)
		}
		return fmt.Sprintf("%d from %s", len(areas), m.Town.Areas)
	case placed:
		return "none given: a grid of squares over the places"
	default:
		return "none given, and no place to draw them around"
	}
}

func meaning(word table.Counted, of string) string {
	switch {
	case of == table.OfService && word.Meaning == "":
		return word.Text
	case of == table.OfService:
		return fmt.Sprintf("%s (%s)", word.Text, word.Meaning)
	default:
		return fmt.Sprintf("%q is %s", word.Text, word.Meaning)
	}
}
