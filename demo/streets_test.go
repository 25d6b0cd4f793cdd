package demo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStreetNamesReadAsSigns(t *testing.T) {
	for register, sign := range map[string]string{
		"VIA DI PRE'":                      "Via di Prè",
		"VIA XX SETTEMBRE":                 "Via XX Settembre",
		"SALITA SANT'ERASMO DI VOLTRI":     "Salita Sant'Erasmo di Voltri",
		"PASSO DELL'ARCHIVOLTO":            "Passo dell'Archivolto",
		"VIA AI PRATI D'OREGINA":           "Via ai Prati d'Oregina",
		"PIAZZA NICOLO' DA VOLTRI":         "Piazza Nicolò da Voltri",
		"VIA FRA' DANIELLO DA VOLTRI":      "Via Fra' Daniello da Voltri",
		"GIARDINI BRIGATA 927?  GARIBALDI": "Giardini Brigata 927 Garibaldi",
		"VIA G BETTOLO (PORTO)":            "Via G Bettolo (Porto)",
		"Via Garibaldi":                    "Via Garibaldi",
		"NON DENOMINATA":                   "",
		"":                                 "",
	} {
		if got := StreetName(register); got != sign {
			t.Errorf("%q reads %q, want %q", register, got, sign)
		}
	}
}

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
