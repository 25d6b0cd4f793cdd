package table

import (
	"strings"
	"testing"
)

func areasOf(t *testing.T, features ...string) (names []string, told string, err error) {
	t.Helper()
	m := read(t)
	m.Town.NameOf, m.Town.People = "name", "pop"
	list, said, err := m.ReadAreas([]byte(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), nil)
	for _, a := range list {
		names = append(names, a.Name)
	}
	return names, strings.Join(said, "\n"), err
}

const square = `[[[8.8,44.3],[9,44.3],[9,44.5],[8.8,44.5],[8.8,44.3]]]`

func area(name, kind, coordinates string) string {
	return `{"properties":{"name":` + name + `},"geometry":{"type":"` + kind + `","coordinates":` + coordinates + `}}`
}

func TestAreasCountTheirPeople(t *testing.T) {
	m := read(t)
	m.Town.NameOf, m.Town.People = "name", "pop"
	const one = `{"features":[{"properties":{"name":"A","pop":%},"geometry":{"type":"Polygon","coordinates":` + square + `}}]}`
	for people, want := range map[string]int{"12000": 12000, `"12.345"`: 12345, "null": 0, `"n.d."`: 0} {
		areas, _, err := m.ReadAreas([]byte(strings.Replace(one, "%", people, 1)), nil)
		if err != nil || areas[0].Population != want {
			t.Errorf("%s: %+v, %v", people, areas, err)
		}
	}
	if _, _, err := m.ReadAreas([]byte(strings.Replace(one, "%", `"many"`, 1)), nil); err == nil {
		t.Error("many people are taken for a number")
	}
}

func TestAreasAreReadOrRefusedByName(t *testing.T) {
	names, told, err := areasOf(t,
		area(`"Centro"`, "Polygon", square), area("3", "MultiPolygon", "["+square+"]"),
		area(`"Aperta"`, "Polygon", `[[[8.8,44.3,7],[9,44.3],[9,44.5]]]`), `{"properties":{"name":"Vuota"},"geometry":null}`,
		`{"properties":{"name":"Mista"},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":`+square+`},{"type":"Point","coordinates":[8.8,44.3]}]}}`)
	if err != nil || strings.Join(names, " ") != "Centro 3 Aperta Mista" {
		t.Errorf("%q, %v", names, err)
	}
	for _, want := range []string{"5 features, UTF-8, EPSG:4326", "feature 4 (Vuota) has no shape", "feature 5 (Mista): 1 parts that are no polygons"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not told: %s", want, told)
		}
	}
	for bad, want := range map[string]string{
		area("null", "Polygon", square):                                                      "feature 1 has no name",
		area(`"Linea"`, "LineString", "[]"):                                                  `feature 1 (Linea): a "LineString" is no area`,
		area(`"Corta"`, "Polygon", `[[[8.8,44.3],[9,44.3]]]`):                                "feature 1 (Corta): a ring of 2 places",
		area(`"Metri"`, "Polygon", `[[[484000,4905000],[500000,4905000],[500000,4928000]]]`): "feature 1 (Metri): no such place: 484000, 4905000: metres, perhaps of EPSG:32632",
		area(`"Girata"`, "Polygon", `[[[44.3,8.8],[44.3,9],[44.5,9]]]`):                      "feature 1 (Girata): no such place: 44.3, 8.8: longitude and latitude",
		area(`"Testo"`, "Polygon", `"x"`):                                                    "feature 1 (Testo): its coordinates are no Polygon's",
		`{"properties":{"name":"V"},"geometry":null}`:                                        "no feature with a shape",
	} {
		if _, _, err := areasOf(t, bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", bad, err, want)
		}
	}
	// Whatever the file's encoding.
	if names, told, err := areasOf(t, area("\"Citt\xe0\"", "Polygon", square)); err != nil || names[0] != "Città" || !strings.Contains(told, "Windows-1252") {
		t.Errorf("%q, %s, %v", names, told, err)
	}
}
