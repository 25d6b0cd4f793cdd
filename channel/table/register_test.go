package table

import (
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
)

const register = `{"source": "civici", "town": "t", "delimiter": ";", "epsg": 3003,
  "columns": {"street": ["Tipo", "Nome"], "number": "Civico", "suffix": "Esp", "locality": "Frazione", "x": "X", "y": "Y"}}`

func TestDoorsOfARegister(t *testing.T) {
	g, err := ReadRegister(strings.NewReader(register))
	if err != nil {
		t.Fatal(err)
	}
	d, err := g.Doors(strings.NewReader("Tipo;Nome;Civico;Esp;Frazione;X;Y\n" +
		"VIA;DI PRE';12;a;;1472210,5;4978439.9\n" +
		"Via;Roma;7/B;;Pista;1;2\n" +
		"Via;Roma;0;;;1;2\n" +
		"Via;Roma;snc;;;1;2\n" +
		";;3;;;1;2\n" +
		"Via;Roma;3;;;NaN;2\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []civic.Door{
		{Street: "Via di Prè", HouseNumber: civic.HouseNumber{Number: 12, Suffix: "A"}, X: 1472210.5, Y: 4978439.9, Line: 2},
		{Street: "Via Roma", HouseNumber: civic.HouseNumber{Number: 7, Suffix: "B"}, Locality: "Pista", X: 1, Y: 2, Line: 3},
		{Street: "Via Roma", HouseNumber: civic.HouseNumber{Unnumbered: true}, X: 1, Y: 2, Line: 5},
	}
	if !slices.Equal(d.Doors, want) {
		t.Errorf("doors %+v", d.Doors)
	}
	if len(d.Skipped) != 3 || d.Skipped[0].Line != 4 || !strings.Contains(d.Skipped[2].Why, "no place") {
		t.Errorf("skipped %+v", d.Skipped)
	}
}

// TestHouseNumbersAsRegistersWriteThem reads the columns of ANNCSU and those of towns
// with red numbers.
func TestHouseNumbersAsRegistersWriteThem(t *testing.T) {
	const anncsu = `{"source": "anncsu", "town": "t", "delimiter": ";", "columns": {"street": ["ODONIMO"], "number": "CIVICO", "suffix": "ESPONENTE",
	  "colour": "SPECIFICITA", "metric": "METRICO", "unnumbered": "PROGRESSIVO_SNC", "x": "COORD_X_COMUNE", "y": "COORD_Y_COMUNE"}}`
	g, err := ReadRegister(strings.NewReader(anncsu))
	if err != nil {
		t.Fatal(err)
	}
	for cells, want := range map[string]string{
		"5;;;;":            "5",
		"5;;ROSSO;;":       "5 rosso",
		"5;A;R;;":          "5/A rosso",
		"5;A;N;;":          "5/A",
		"12;BIS;;;":        "12/BIS",
		"12;A/2;;;":        "12/A/2",
		";;;1750;":         "km 1,750",
		"0;;;0;3":          "snc",
		";;;;1":            "snc",
		"12345;;;;":        "12345",
		"8/B rosso;;;;":    "8/B rosso",
		"12r;;;;":          "12 rosso",
		"SNC;;;;":          "snc",
		"km 1,750;;;;":     "km 1,750",
		"16/3/2;;;;":       "16/3/2",
		"16 int. 3;;;;":    "16 int. 3",
		"n. 7;;;;":         "7",
		"7 bis;;;;":        "7/BIS",
		"7;A ROSSO;;;":     "7/A rosso",
		"0;;;;":            "no house number",
		"5;;VERDE;;":       "no colour",
		"dodici;;;;":       "no house number",
		"12 e 14;;;;":      "no house number",
		"5;corte interna;": "columns",
	} {
		d, err := g.Doors(strings.NewReader("ODONIMO;CIVICO;ESPONENTE;SPECIFICITA;METRICO;PROGRESSIVO_SNC;COORD_X_COMUNE;COORD_Y_COMUNE\nVIA BALBI;" + cells + ";8,92;44,41\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(d.Doors) == 1 {
			got = d.Doors[0].String()
		} else if len(d.Skipped) == 1 && d.Skipped[0].Line == 2 && strings.Contains(d.Skipped[0].Why, want) {
			got = want
		}
		if got != want {
			t.Errorf("%q is %q, want %q (%+v)", cells, got, want, d.Skipped)
		}
	}
}

func TestARegisterThatCannotBeReadSaysWhy(t *testing.T) {
	for text, why := range map[string]string{
		`{"source": "x"}`:                                 "source and town",
		`{"source": "x", "town": "t", "epsg": -4}`:        "reference system",
		`{"source": "x", "town": "t", "delimiter": "\""}`: "divides no cells",
		`{"source": "x", "town": "t", "colour": "a"}`:     "colour",
	} {
		if _, err := ReadRegister(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
	g := &Register{Source: "x", Town: "t"}
	if _, err := g.Doors(strings.NewReader("a\n")); err == nil || !strings.Contains(err.Error(), "columns") {
		t.Errorf("without columns: %v", err)
	}
}

func TestWaysOfARegister(t *testing.T) {
	g, err := ReadRegister(strings.NewReader(`{"source": "strade", "town": "t", "name": "n"}`))
	if err != nil {
		t.Fatal(err)
	}
	w, err := g.Ways([]byte(`{"features":[
		{"properties":{"n":"CORSO ITALIA"},"geometry":{"type":"LineString","coordinates":[[8.9,44.4,12],[8.91,44.4]]}},
		{"properties":{"n":null},"geometry":{"type":"LineString","coordinates":[[8.9,44.4],[8.91,44.4]]}},
		{"properties":{"n":"PUNTO"},"geometry":{"type":"Point","coordinates":[8.9,44.4]}},
		{"properties":{"n":"NIENTE"},"geometry":null},
		{"properties":{"n":"LONTANA"},"geometry":{"type":"LineString","coordinates":[[44.4,8.9],[44.41,8.9]]}}]}`), nil, civic.Bounds{8.6, 44.3, 9.1, 44.6})
	if err != nil || len(w.Skipped) != 4 || len(w.Ways) != 1 || w.Ways[0].Name != "Corso Italia" || w.Ways[0].Class != 0 {
		t.Errorf("%+v, %v", w, err)
	}
	if err == nil && (w.Skipped[3].Line != 5 || !strings.Contains(w.Skipped[3].Why, "44.4, 8.9: longitude and latitude seem to have changed places")) {
		t.Errorf("told %+v", w.Skipped)
	}
	for _, bad := range []string{"", "[]", `{"features":[]}`, `{"type":"Topology"}`, `{"features":[{"geometry":{"type":"LineString","coordinates":[["a"]]}}]}`} {
		if _, err := g.Ways([]byte(bad), nil, civic.Bounds{}); err == nil {
			t.Errorf("%q is taken for streets", bad)
		}
	}
}

// TestAMapFileIsReadInTheSystemThatItDeclares gives streets and areas in metres, with
// and without saying so.
func TestAMapFileIsReadInTheSystemThatItDeclares(t *testing.T) {
	g := &Register{Source: "x", Town: "t", Name: "name"}
	project := func(epsg int, at []civic.Position) error {
		if epsg != 32632 {
			t.Errorf("EPSG:%d is asked for", epsg)
		}
		for i := range at {
			at[i] = civic.Position{Lon: 9 + (at[i].Lon-500_000)/80_000, Lat: at[i].Lat / 111_000}
		}
		return nil
	}
	const lines = `"features":[{"properties":{"name":"VIA ROMA"},"geometry":{"type":"LineString","coordinates":[[492000,4917000],[492100,4917100]]}}]}`
	genova := civic.Bounds{8.6, 44.2, 9.1, 44.6}
	for name, crs := range map[string]string{
		"urn": `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32632"}},`, "short": `{"crs":{"type":"name","properties":{"name":"EPSG:32632"}},`,
		"address": `{"crs":{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/32632"}},`,
	} {
		w, err := g.Ways([]byte(crs+lines), project, genova)
		if err != nil || len(w.Ways) != 1 || !strings.Contains(string(w.Ways[0].Shape), "[8.9,44.2") {
			t.Errorf("%s: %+v, %v", name, w, err)
		}
	}
	declared := *g
	declared.EPSG = 32632
	if w, err := declared.Ways([]byte("{"+lines), project, genova); err != nil || len(w.Ways) != 1 {
		t.Errorf("declared by the mapping: %v", err)
	}
	declared.EPSG = 3003
	for text, want := range map[string]string{
		"{" + lines: "EPSG:32632? declare", // undeclared
		`{"crs":{"type":"name","properties":{"name":"local grid"}},` + lines:                    "is not understood",
		`{"crs":{"type":"link","properties":{"href":"x"}},` + lines:                             "is not understood",
		`{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},` + lines: "EPSG:32632? declare",
	} {
		if _, err := g.Ways([]byte(text), project, genova); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", text, err, want)
		}
	}
	if _, err := declared.Ways([]byte(`{"crs":{"type":"name","properties":{"name":"EPSG:32632"}},`+lines), project, genova); err == nil || !strings.Contains(err.Error(), "the mapping EPSG:3003") {
		t.Errorf("two systems: %v", err)
	}
	if _, err := declared.Ways([]byte("{"+lines), nil, genova); err == nil || !strings.Contains(err.Error(), "database") {
		t.Errorf("without a database: %v", err)
	}
}

func TestASurveyTellsWhatWordsWereTakenFor(t *testing.T) {
	m := read(t)
	m.Service = "Altro"
	s, err := opened(t, m, rows+"8;03/03/2026 09:00;;aperta;tel;;;;;;\n").Look()
	if err != nil {
		t.Fatal(err)
	}
	if s.Rows != 4 || s.Placed != 2 || s.Closed != 1 || !s.First.Before(s.Last) {
		t.Errorf("%+v", s)
	}
	if words := s.Words(OfStatus); len(words) != 2 || words[0] != (Counted{Word{"aperta", "new"}, 3}) {
		t.Errorf("status %+v", words)
	}
	if words := s.Words(OfService); len(words) != 3 || words[0].Text != "Buche" || words[1].Text != "Altro" {
		t.Errorf("service %+v", words)
	}
}

func TestOneSlipOfThePenStretchesNoGrid(t *testing.T) {
	m := read(t)
	s := &Survey{}
	for i := range 1000 {
		s.reach(&civic.Position{Lon: 8.8 + float64(i%100)/1000, Lat: 44.4 + float64(i/100)/100})
	}
	s.reach(&civic.Position{Lon: -8.9, Lat: 4.4})
	west, south, east, north := s.bounds()
	if west < 8.7 || south < 44.3 || east > 9 || north > 44.6 {
		t.Errorf("%g %g %g %g", west, south, east, north)
	}
	if areas := m.grid(civic.JurisdictionID{}, s); len(areas) != 4 {
		t.Errorf("%d areas", len(areas))
	}
}
