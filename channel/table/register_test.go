package table

import (
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
	doors, skipped, err := g.Doors(strings.NewReader("Tipo;Nome;Civico;Esp;Frazione;X;Y\n" +
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
		{Street: "Via di Prè", Number: 12, Suffix: "A", X: 1472210.5, Y: 4978439.9},
		{Street: "Via Roma", Number: 7, Suffix: "B", Locality: "Pista", X: 1, Y: 2},
	}
	if len(doors) != 2 || doors[0] != want[0] || doors[1] != want[1] {
		t.Errorf("doors %+v", doors)
	}
	if len(skipped) != 4 || skipped[0].Line != 4 || !strings.Contains(skipped[3].Why, "no such place") {
		t.Errorf("skipped %+v", skipped)
	}
}

func TestARegisterThatCannotBeReadSaysWhy(t *testing.T) {
	for text, why := range map[string]string{
		`{"source": "x"}`:                             "source and town",
		`{"source": "x", "town": "t", "epsg": -4}`:    "reference system",
		`{"source": "x", "town": "t", "colour": "a"}`: "colour",
	} {
		if _, err := ReadRegister(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
	g := &Register{Source: "x", Town: "t"}
	if _, _, err := g.Doors(strings.NewReader("a\n")); err == nil || !strings.Contains(err.Error(), "columns") {
		t.Errorf("without columns: %v", err)
	}
}

func TestWaysOfARegister(t *testing.T) {
	g, err := ReadRegister(strings.NewReader(`{"source": "strade", "town": "t", "name": "n"}`))
	if err != nil {
		t.Fatal(err)
	}
	ways, left, err := g.Ways([]byte(`{"features":[
		{"properties":{"n":"CORSO ITALIA"},"geometry":{"type":"LineString","coordinates":[[8.9,44.4],[8.91,44.4]]}},
		{"properties":{"n":null},"geometry":{"type":"LineString","coordinates":[[8.9,44.4],[8.91,44.4]]}},
		{"properties":{"n":"PUNTO"},"geometry":{"type":"Point","coordinates":[8.9,44.4]}}]}`))
	if err != nil || left != 2 || len(ways) != 1 || ways[0].Name != "Corso Italia" || ways[0].Class != 0 {
		t.Errorf("%+v, %d left, %v", ways, left, err)
	}
	for _, bad := range []string{"", "[]", `{"features":[]}`} {
		if _, _, err := g.Ways([]byte(bad)); err == nil {
			t.Errorf("%q is taken for streets", bad)
		}
	}
}

func TestASurveyTellsWhatWordsWereTakenFor(t *testing.T) {
	m := read(t)
	m.Service = "Altro"
	s, err := m.Look(strings.NewReader(rows + "8;03/03/2026 09:00;;aperta;tel;;;;;;\n"))
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

func TestAreasCountTheirPeople(t *testing.T) {
	m := read(t)
	m.Town.NameOf, m.Town.People = "name", "pop"
	const one = `{"features":[{"properties":{"name":"A","pop":%},"geometry":{"type":"Polygon","coordinates":[]}}]}`
	for people, want := range map[string]int{"12000": 12000, `"12.345"`: 12345, "null": 0} {
		areas, err := m.ReadAreas([]byte(strings.Replace(one, "%", people, 1)))
		if err != nil || areas[0].Population != want {
			t.Errorf("%s: %+v, %v", people, areas, err)
		}
	}
	if _, err := m.ReadAreas([]byte(strings.Replace(one, "%", `"many"`, 1))); err == nil {
		t.Error("many people are taken for a number")
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
