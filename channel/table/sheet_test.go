package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"segnavia/civic"
)

const heading = "Id;Creato;Chiuso;Stato;Canale;Tipo;Ufficio;Squadra;Titolo;X;Y\n"

// line is a row of the tests' table.
func line(id, title, x, y string) string {
	return id + ";02/03/2026 09:00;;aperta;tel;Buche;Strade;A;" + title + ";" + x + ";" + y + "\n"
}

// looked reads a table and says, in order, which ids are read and which lines are not,
// and holds the sum: each line is read, skipped or empty.
func looked(t testing.TB, m *Mapping, text string) (ids string, skipped map[int]string, s *Survey) {
	t.Helper()
	table := opened(t, m, text)
	skipped = make(map[int]string)
	for row, err := range table.Rows() {
		var skip *SkippedError
		switch {
		case errors.As(err, &skip):
			if skip.Why != empty {
				skipped[skip.Line] = skip.Why
			}
		case err != nil:
			t.Fatal(err)
		default:
			ids += row.ID + " "
		}
	}
	s, err := table.Look()
	if err != nil {
		t.Fatal(err)
	}
	if s.ReadLines+s.LeftLines+s.EmptyLines != s.Lines {
		t.Errorf("%d lines read, %d skipped and %d empty are not %d: %q", s.ReadLines, s.LeftLines, s.EmptyLines, s.Lines, text)
	}
	return strings.TrimSpace(ids), skipped, s
}

func wantSkipped(t *testing.T, got map[int]string, want map[int]string) {
	t.Helper()
	for line, why := range want {
		if !strings.Contains(got[line], why) {
			t.Errorf("line %d is skipped for %q, want %q", line, got[line], why)
		}
	}
	if len(got) != len(want) {
		t.Errorf("skipped %v, want %v", got, want)
	}
}

// TestAStrayQuoteTakesNoOtherRow puts quotation marks where no table should have them.
func TestAStrayQuoteTakesNoOtherRow(t *testing.T) {
	ids, skipped, _ := looked(t, read(t), heading+
		line("1", `"12" tubo rotto`, "8.9", "44.4")+
		line("2", "NOME COGNOME", "8.9", "44.4")+
		line("3", `tubo da 12" rotto`, "8.9", "44.4")+ // one that cannot be mistaken
		line("4", `"non chiude`, "8.9", "44.4")+
		line("5", "lampione", "8.9", "44.4")+
		line("6", `lampione"`, "8.9", "44.4")+
		line("7", `"due ""righe""`+"\n"+`davvero; e una virgola"`, "8.9", "44.4")+
		line("8", `"mai chiusa`, "8.9", "44.4"))
	if ids != "2 3 5 6 7" {
		t.Errorf("read %s", ids)
	}
	wantSkipped(t, skipped, map[int]string{2: "text behind a quotation mark", 5: "takes in rows that follow: 2", 10: "does not close"})
}

// TestNoRowIsLostWithoutAWord spoils one row in each way.
func TestNoRowIsLostWithoutAWord(t *testing.T) {
	const at, more = ";02/03/2026 09:00;", ";aperta;tel;Buche;;;t;;\n"
	ids, skipped, s := looked(t, read(t), heading+
		line("1", "a", "8.9", "44.4")+ // 2
		line("1", "b", "8.9", "44.4")+
		heading+
		"5;02/03/2026 09:00;;aperta\n"+
		line("6", "una; due", "8.9", "44.4")+
		"\n;;;;;;;;;;\n"+
		"9;02/03/2126 09:00;"+more+ // 9
		"10;31/12/1989 09:00;"+more+
		"11;29/03/2026 02:30;"+more+
		"12;25/10/2026 02:30;"+more+
		"13;2/3/2026 9:00;"+more+
		"14;31/02/2026 09:00;"+more+
		"15;02/03/2026 09:00xx;"+more+
		"16"+at+"01/03/2026 09:00"+more+ // 16
		"17"+at+"NULL"+more+
		"18"+at+"02/03/2126 09:00"+more+
		"19;2026-03-02T09:00:00.5+01:00;"+more+
		strings.Replace(line("20", "c", "8.9", "44.4"), "aperta", "APERTA", 1)+
		"Totale: 20\n")
	if ids != "1 12 13 16 17 19 20" {
		t.Errorf("read %s", ids)
	}
	wantSkipped(t, skipped, map[int]string{
		3: `id "1" stands in line 2 already`, 4: "the heading again", 5: "4 columns where the heading has 11", 6: "12 columns where",
		9: "2126-03-02, which cannot be", 10: "which cannot be", 11: "the clock skipped it", 14: "is not written as", 15: "is not written as",
		18: "closed: time", 21: "1 columns where",
	})
	noted := fmt.Sprint(s.Noted)
	if s.Notes != 2 || !strings.Contains(noted, "shown twice") || !strings.Contains(noted, "before it came") {
		t.Errorf("noted %s", noted)
	}
	if s.EmptyLines != 2 {
		t.Errorf("%d empty lines", s.EmptyLines)
	}
}

// TestPlacesAreReadOrToldNeverGuessed writes places as spreadsheets have them.
func TestPlacesAreReadOrToldNeverGuessed(t *testing.T) {
	ids, skipped, s := looked(t, read(t), heading+
		line("1", "a", "8,9342", "44,4076")+line("2", "a", "8.9342", "44.4076")+line("3", "a", "NULL", "NULL")+line("4", "a", "n.d.", "-")+
		line("5", "a", "0", "0,0")+line("6", "a", "8.9", "")+line("7", "a", "44.4", "8.9")+line("8", "a", "492000", "4917000")+
		line("9", "a", "8.9 E", "44.4")+line("10", "a", "12.5", "41.9")+line("11", "a", "89342", "444076")+line("12", "a", "8.9", "944.4"))
	if ids != "1 2 3 4 5 6" || s.Placed != 2 {
		t.Errorf("read %s, %d placed", ids, s.Placed)
	}
	wantSkipped(t, skipped, map[int]string{
		8: "44.4, 8.9: longitude and latitude seem to have changed places", 9: "perhaps of EPSG:32632", 10: "no such place", 11: "12.5, 41.9 is far from the town",
		12: "the decimal point seems to be missing", 13: "no such place: 8.9, 944.4",
	})
	if s.Notes != 1 || !strings.Contains(s.Noted[0].Why, "half a place") {
		t.Errorf("noted %v", s.Noted)
	}
}

func TestPlacesFarFromTheAreasAreTold(t *testing.T) {
	m := read(t)
	areas := []civic.ShapedArea{{Shape: []byte(`{"type":"MultiPolygon","coordinates":[[[[8.8,44.4],[9.0,44.4],[9.0,44.5],[8.8,44.4]]]]}`)}}
	table, err := m.Open(strings.NewReader(heading+line("1", "a", "44.42", "8.9")+line("2", "a", "44.43", "8.95")), Reading{Now: now, Areas: areas})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := table.Look(); err != nil || s.Rows != 0 || !strings.Contains(s.Skipped[0].Why, "changed places") {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestADeclaredSystemIsTransformed(t *testing.T) {
	m := read(t)
	m.EPSG = 32632
	text := heading + line("1", "a", "492000", "4917000") + line("2", "a", "0", "0") + line("3", "a", "1", "1")
	project := func(_ int, at []civic.Position) error {
		for i := range at {
			at[i] = civic.Position{Lon: at[i].Lon / 55_000, Lat: at[i].Lat / 110_800}
		}
		return nil
	}
	table, err := m.Open(strings.NewReader(text), Reading{Now: now, Project: project})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.Look()
	if err != nil || s.Rows != 2 || s.Placed != 1 || len(s.Skipped) != 1 || !strings.Contains(s.Skipped[0].Why, "when read in EPSG:32632") {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := m.Open(strings.NewReader(text), Reading{Now: now}); err == nil || !strings.Contains(err.Error(), "database") {
		t.Errorf("without a database: %v", err)
	}
}

func TestSecondsAndMillisecondsAreNotMistaken(t *testing.T) {
	m := read(t)
	m.Time.Layout = layoutUnix
	row := func(id, at string) string { return id + ";" + at + ";;aperta;tel;Buche;;;t;;\n" }
	ids, skipped, _ := looked(t, m, heading+row("1", "1772442000")+row("2", "1772442000000")+row("3", "1772442000x")+row("4", "1772442000.25")+row("5", "17"))
	if ids != "1 4" {
		t.Errorf("read %s", ids)
	}
	wantSkipped(t, skipped, map[int]string{3: `in milliseconds it would be 2026-03-02: time.layout "unixms"`, 4: "is not a number of seconds", 6: "1970-01-01, which cannot be"})
	m.Time.Layout = layoutUnixMS
	if ids, _, _ := looked(t, m, heading+row("1", "1772442000")+row("2", "1772442000000")); ids != "2" {
		t.Errorf("in milliseconds: %s", ids)
	}
}

// encoded writes a text as UTF-16.
func encoded(text string, order binary.ByteOrder, mark bool) string {
	var b []byte
	if mark {
		text = "\ufeff" + text
	}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, 0, 0)
		order.PutUint16(b[len(b)-2:], u)
	}
	return string(b)
}

// TestATableIsReadHoweverItWasSaved writes one table in each way.
func TestATableIsReadHoweverItWasSaved(t *testing.T) {
	plain := heading + line("1", "Città perché — €", "8,9", "44,4")
	w1252 := strings.NewReplacer("à", "\xe0", "é", "\xe9", "—", "\x97", "€", "\x80").Replace(plain)
	tabs := strings.ReplaceAll(plain, ";", "\t")
	for name, c := range map[string]struct{ text, encoding string }{
		"UTF-8":               {plain, "UTF-8"},
		"mark":                {"\ufeff" + plain, "UTF-8, with a byte order mark"},
		"Windows-1252":        {w1252, "Windows-1252"},
		"UTF-16":              {encoded(plain, binary.LittleEndian, true), "UTF-16 (little endian)"},
		"UTF-16 BE":           {encoded(plain, binary.BigEndian, true), "UTF-16 (big endian)"},
		"UTF-16 without mark": {encoded(plain, binary.LittleEndian, false), "UTF-16 (little endian), without its mark"},
		"CRLF":                {strings.ReplaceAll(plain, "\n", "\r\n"), "UTF-8"},
		"old Macintosh":       {strings.ReplaceAll(plain, "\n", "\r"), "UTF-8"},
		"sep":                 {"sep=;\r\n" + plain, "UTF-8"},
		"preamble":            {"Export del 01/03/2026\n\n" + plain, "UTF-8"},
		"tabs":                {tabs, "UTF-8"},
		"commas":              {strings.ReplaceAll(strings.ReplaceAll(plain, ",", "."), ";", ","), "UTF-8"},
		"sep of tabs":         {"sep=\t\n" + tabs, "UTF-8"},
		"both":                {plain + strings.Replace(w1252, heading, "", 1)[2:], "UTF-8, and 1 lines in Windows-1252"},
		"blanks":              {strings.ReplaceAll(plain, ";", " ;\u00a0"), "UTF-8"},
	} {
		m := read(t)
		table, err := m.Open(strings.NewReader(c.text), Reading{Now: now})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if table.Encoding != c.encoding {
			t.Errorf("%s is %q, want %q", name, table.Encoding, c.encoding)
		}
		rows := 0
		for row, err := range table.Rows() {
			if err == nil {
				rows++
			}
			if err == nil && (row.Title != "Città perché — €" || row.Position == nil || row.Position.Lon != 8.9) {
				t.Errorf("%s: %+v", name, row)
			}
			if skip := (*SkippedError)(nil); err != nil && (!errors.As(err, &skip) || name != "both") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if rows != 1 {
			t.Errorf("%s: %d rows", name, rows)
		}
	}
}

func TestAHeadingThatIsNotFoundIsExplained(t *testing.T) {
	m := read(t)
	for text, want := range map[string]string{
		"":                       "the file is empty",
		"ID;Data;Stato\n1;2;3\n": `no column "Id"; the columns found: "ID" "Data" "Stato" (UTF-8)`,
		strings.Replace(heading, "Titolo", "Tipo", 1):   `no column "Titolo"`,
		strings.TrimSuffix(heading, "\n") + ";Creato\n": `column "Creato" stands twice, as the 2. and the 12.`,
	} {
		if _, err := m.Open(strings.NewReader(text), Reading{Now: now}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestAMappingIsReadInAnyEncoding(t *testing.T) {
	text := strings.Replace(mapping, `"name": "T"`, `"name": "Città"`, 1)
	for _, raw := range []string{text, "\ufeff" + text, strings.ReplaceAll(text, "à", "\xe0"), encoded(text, binary.LittleEndian, true)} {
		if m, err := ReadMapping(strings.NewReader(raw)); err != nil || m.Town.Name != "Città" {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
}
