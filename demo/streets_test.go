package demo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRealStreetsTakeThePlaceOfTheDrawn(t *testing.T) {
	t.Parallel()
	b := Town()
	kept := len(b.Features)
	for _, f := range b.Features {
		if f.Kind == "street" {
			kept--
		}
	}
	const two = `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"CORSO ITALIA"},"geometry":{"type":"LineString","coordinates":[[8.95,44.393],[8.96,44.391]]}},
		{"type":"Feature","properties":{"name":"VICO DRITTO"},"geometry":{"type":"MultiLineString","coordinates":[[[8.935,44.406],[8.936,44.406]]]}},
		{"type":"Feature","properties":{"name":null},"geometry":{"type":"LineString","coordinates":[[8.9,44.4],[8.91,44.4]]}},
		{"type":"Feature","properties":{"name":"PUNTO"},"geometry":{"type":"Point","coordinates":[8.9,44.4]}}]}`
	if err := WithStreets(b, []byte(two)); err != nil {
		t.Fatal(err)
	}
	if got := b.Features[kept:]; len(got) != 2 || got[0].Class != 0 || got[1].Class != 2 || got[1].Name != "Vico Dritto" {
		t.Errorf("streets: %+v", got)
	}
	for range CasesWith(b, 1, 40, present, nil) {
	}
}

func TestWhatIsNoStreetMapChangesNothing(t *testing.T) {
	b := Town()
	before := len(b.Features)
	for _, text := range []string{"", "{", "{}", `{"features":[]}`, `{"features":[{"properties":{},"geometry":null}]}`} {
		if err := WithStreets(b, []byte(text)); err == nil || len(b.Features) != before {
			t.Errorf("%q: %v, %d features", text, err, len(b.Features))
		}
	}
}

func TestTheStreetsOfGenova(t *testing.T) {
	data := os.Getenv("SEGNAVIA_DATA")
	if data == "" {
		t.Skip("SEGNAVIA_DATA is unset: no street register to read")
	}
	raw, err := os.ReadFile(filepath.Join(data, "geo", "genova_streets.geojson"))
	if err != nil {
		t.Skip(err)
	}
	b := Town()
	if err := WithStreets(b, raw); err != nil {
		t.Fatal(err)
	}
	rules := rulesOf(t, b)
	if n := len(lanesOf(b).list); n < 3000 {
		t.Errorf("%d streets lie in the town", n)
	}
	for past := range CasesWith(b, 5, 200, present, stub()) {
		replay(t, rules, past)
	}
}
