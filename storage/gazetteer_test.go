package storage_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/channel/table"
	"segnavia/civic"
	"segnavia/storage"
)

func ignore(int) {}

// doors are some of a town with two streets of one name.
func doors() []civic.Door {
	return []civic.Door{
		{Street: "Via Balbi", HouseNumber: civic.HouseNumber{Number: 10}, X: 8.850, Y: 44.450},
		{Street: "Via Balbi", HouseNumber: civic.HouseNumber{Number: 12}, X: 8.851, Y: 44.450},
		{Street: "Via Balbi", HouseNumber: civic.HouseNumber{Number: 12, Suffix: "A"}, X: 8.852, Y: 44.450},
		{Street: "Via Roma", Locality: "Cristo", HouseNumber: civic.HouseNumber{Number: 3}, X: 8.860, Y: 44.460},
		{Street: "Via Roma", Locality: "Pista", HouseNumber: civic.HouseNumber{Number: 3}, X: 8.870, Y: 44.470},
		{Street: "Piazza Libertà", HouseNumber: civic.HouseNumber{Number: 1}, X: 8.880, Y: 44.480},
	}
}

func TestAddressesAreFoundAsPeopleWriteThem(t *testing.T) {
	db, town := open(t)
	if err := db.SaveDoors(t.Context(), town.ID, "test", 4326, doors(), ignore); err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]string{
		"v. balbi 12":              "Via Balbi 12 true",
		"VIA BALBI 12/a":           "Via Balbi 12/A true",
		"via balbi 11":             "Via Balbi 10 false",
		"via balbi":                "Via Balbi  true",
		"via balby 10":             "Via Balbi 10 true",
		"p.zza liberta' 1":         "Piazza Libertà 1 true",
		"Piazza della Libertà, 1":  "Piazza Libertà 1 true",
		"via Roma 3, pista":        "Via Roma 3 true",
		"via Roma n. 3, al Cristo": "Via Roma 3 true",
	} {
		list, err := db.Places(t.Context(), town.ID, civic.ParseAddress(written), 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("%q is not found", written)
			continue
		}
		if got := fmt.Sprint(list[0].Street, " ", list[0].Door(), " ", list[0].Exact); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
		if strings.Contains(written, "pista") && list[0].Locality != "Pista" || strings.Contains(written, "Cristo") && list[0].Locality != "Cristo" {
			t.Errorf("%q is in %q", written, list[0].Locality)
		}
	}
	if list, err := db.Places(t.Context(), town.ID, civic.ParseAddress("12"), 5); err != nil || len(list) != 0 {
		t.Errorf("a number alone: %v, %v", list, err)
	}
}

func TestAPlaceIsNamedByItsNearestDoor(t *testing.T) {
	db, town := open(t)
	if err := db.SaveDoors(t.Context(), town.ID, "test", 4326, doors(), ignore); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   civic.Position
		want string
	}{
		{civic.Position{Lon: 8.8509, Lat: 44.4501}, "Via Balbi 12"},
		{civic.Position{Lon: 8.8531, Lat: 44.4500}, "Via Balbi "}, // beyond a door's reach: only the street
		{civic.Position{Lon: 8.80, Lat: 44.40}, " "},
	} {
		p, err := db.PlaceAt(t.Context(), town.ID, c.at)
		if got := p.Street + " " + p.Door(); err != nil || got != c.want {
			t.Errorf("%v is %q (%v), want %q", c.at, got, err, c.want)
		}
	}
}

func TestARegisterReplacesItselfAndNothingElse(t *testing.T) {
	db, town := open(t)
	way := civic.Way{Name: "Via Balbi", Class: 1, Shape: []byte(`{"type":"LineString","coordinates":[[8.85,44.45],[8.853,44.45]]}`)}
	count := func() (streets, features int) {
		t.Helper()
		list, err := db.Places(t.Context(), town.ID, civic.Address{Street: "via balbi"}, 50)
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := db.Features(t.Context(), town.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(list), len(drawn)
	}
	_, before := count()
	for range 2 {
		if err := db.SaveWays(t.Context(), town.ID, "streets", []civic.Way{way}); err != nil {
			t.Fatal(err)
		}
		if err := db.SaveDoors(t.Context(), town.ID, "doors", 4326, doors(), ignore); err != nil {
			t.Fatal(err)
		}
	}
	if streets, drawn := count(); streets != 1 || drawn != before+1 {
		t.Errorf("%d streets called Via Balbi, %d more drawn; want one of each", streets, drawn-before)
	}
	if err := db.SaveDoors(t.Context(), town.ID, "doors", 4326, doors()[3:], ignore); err != nil {
		t.Fatal(err)
	}
	list, err := db.Places(t.Context(), town.ID, civic.ParseAddress("via balbi 12"), 5)
	if err != nil || len(list) != 1 || list[0].Number != 0 {
		t.Errorf("doors that the register gave up are still there: %+v, %v", list, err)
	}
}

func TestCoordinatesOfAnotherSystemAreRefused(t *testing.T) {
	db, town := open(t)
	if err := db.SaveDoors(t.Context(), town.ID, "test", 4326, doors(), ignore); err != nil {
		t.Fatal(err)
	}
	for _, epsg := range []int{3003, 999_998} {
		err := db.SaveDoors(t.Context(), town.ID, "test", epsg, doors(), ignore)
		if e, ok := err.(*civic.Error); !ok || e.Code != "bad_coordinates" { //nolint:errorlint // given as it is
			t.Errorf("EPSG:%d: %v", epsg, err)
		}
	}
	if list, err := db.Places(t.Context(), town.ID, civic.ParseAddress("via balbi 12"), 5); err != nil || len(list) != 1 || list[0].Number != 12 {
		t.Errorf("what was there is gone: %+v, %v", list, err)
	}
}

// alessandria reads the real register of a town into a database.
func alessandria(t testing.TB) (*storage.DB, civic.JurisdictionID, []civic.Door) {
	t.Helper()
	data := os.Getenv("SEGNAVIA_DATA")
	if data == "" {
		t.Skip("SEGNAVIA_DATA is unset: no register of house numbers to read")
	}
	mapping, err := os.Open("../docs/import/alessandria-civici.json")
	if err != nil {
		t.Fatal(err)
	}
	defer mapping.Close() //nolint:errcheck // only read
	g, err := table.ReadRegister(mapping)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(data, "geo", "alessandria_numeri-civici.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	d, err := g.Doors(f)
	if err != nil || len(d.Doors) < 25_000 || len(d.Skipped) > 100 {
		t.Fatalf("%+v, %v", d, err)
	}
	list := d.Doors
	db, town := open(t)
	// The test's town lies elsewhere: its areas are moved out of the way.
	town.Areas = town.Areas[len(town.Areas)-1:]
	other := civic.DeriveID[civic.Jurisdiction](town.ID, "alessandria")
	blueprint := *town
	blueprint.Jurisdiction = civic.Jurisdiction{ID: other, Name: "Alessandria", Slug: "alessandria", Prefix: "AL", Locale: "it", Zone: "Europe/Rome"}
	blueprint.Routes, blueprint.Users, blueprint.Teams, blueprint.Services, blueprint.Desks = nil, nil, nil, nil, nil
	if err := db.SaveTown(t.Context(), &blueprint); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveDoors(t.Context(), other, g.Source, g.EPSG, list, ignore); err != nil {
		t.Fatal(err)
	}
	return db, other, list
}

func TestARealRegisterInItsOwnSystem(t *testing.T) {
	db, town, _ := alessandria(t)
	// Piazza della Libertà is the middle of Alessandria.
	list, err := db.Places(t.Context(), town, civic.ParseAddress("p.zza liberta 1"), 3)
	if err != nil || len(list) == 0 {
		t.Fatalf("%v, %v", list, err)
	}
	if p := list[0]; p.Lon < 8.60 || p.Lon > 8.63 || p.Lat < 44.90 || p.Lat > 44.93 {
		t.Errorf("%+v is not in the middle of the town", p)
	}
	back, err := db.PlaceAt(t.Context(), town, list[0].Position)
	if err != nil || back.Street != list[0].Street || back.Number != list[0].Number {
		t.Errorf("%+v reads back as %+v, %v", list[0], back, err)
	}
}

// BenchmarkPlaces searches random addresses of a real register, as people type
// them: half of the street, or all of it with a number.
func BenchmarkPlaces(b *testing.B) {
	db, town, list := alessandria(b)
	took := make([]time.Duration, 0, b.N)
	i := 0
	for b.Loop() {
		d := list[(i*7919)%len(list)]
		text := fmt.Sprintf("%s %d%s", d.Street, d.Number, d.Suffix)
		if i%2 == 0 {
			text = d.Street[:max(len(d.Street)*2/3, 5)]
		}
		i++
		began := time.Now()
		if _, err := db.Places(b.Context(), town, civic.ParseAddress(text), 8); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	report(b, took)
}

// BenchmarkPlaceAt names random places of the same town.
func BenchmarkPlaceAt(b *testing.B) {
	db, town, list := alessandria(b)
	var places []civic.Place
	for i := 0; len(places) < 200; i++ {
		d := list[(i*7919)%len(list)]
		found, err := db.Places(b.Context(), town, civic.ParseAddress(fmt.Sprintf("%s %d", d.Street, d.Number)), 1)
		if err != nil {
			b.Fatal(err)
		}
		places = append(places, found...)
	}
	took := make([]time.Duration, 0, b.N)
	i := 0
	for b.Loop() {
		at := places[i%len(places)].Position
		at.Lon += float64(i%13) * 1e-5
		i++
		began := time.Now()
		if _, err := db.PlaceAt(b.Context(), town, at); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	report(b, took)
}

func report(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.SortFunc(took, func(x, y time.Duration) int { return cmp.Compare(x, y) })
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportAllocs()
}
