package storage_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/channel/table"
	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// reported makes a case at a place with an address, as a form does, and returns it.
func reported(t *testing.T, db *storage.DB, town civic.JurisdictionID, address string, at civic.Position) civic.Report {
	t.Helper()
	id := civictest.NewID[civic.Report]()
	args := create("pothole", at.Lon, at.Lat)
	raw, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]any{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	fields["address"] = address
	must(t, db, town, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, fields))
	r, err := db.Report(t.Context(), town, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTheStreetThatWasNamedIsTheOneShown names streets that cross, run side by side
// and have numbers in their names, moves pins, and lets the register come again.
func TestTheStreetThatWasNamedIsTheOneShown(t *testing.T) {
	db, town := open(t)
	cross := func(name string, lon float64) civic.Way {
		return civic.Way{Name: name, Class: 1, Shape: fmt.Appendf(nil, `{"type":"LineString","coordinates":[[%v,44.448],[%v,44.452]]}`, lon, lon)}
	}
	ways := []civic.Way{
		line("Via Balbi", 8.848, 8.852, 44.45), line("Via Prè", 8.848, 8.852, 44.4504),
		cross("Largo 7 Settembre 1893", 8.85), cross("Via Balbi Piovera", 8.8515),
	}
	save := func() {
		t.Helper()
		if err := db.SaveWays(t.Context(), town.ID, "test", ways); err != nil {
			t.Fatal(err)
		}
	}
	save()
	for address, street := range map[string]string{
		"VIA BALBI 3": "Via Balbi", "v. balbi": "Via Balbi", "via Pre' 4 rosso": "Via Prè", "l.go 7 settembre 1893, 5": "Largo 7 Settembre 1893",
		"Largo 7 Settembre 1893": "Largo 7 Settembre 1893", "via Balbi Piovera 1": "Via Balbi Piovera", "davanti alla scuola di via Balbi": "Via Balbi",
	} {
		list, err := db.Places(t.Context(), town.ID, civic.ParseAddress(address), 3)
		if err != nil || len(list) == 0 || list[0].Street != street {
			t.Errorf("%q is found as %+v, %v", address, list, err)
			continue
		}
		// Even where the place is the crossing itself.
		for name, at := range map[string]civic.Position{"found": list[0].Position, "crossing": {Lon: 8.85, Lat: 44.4502}} {
			r := reported(t, db, town.ID, address, at)
			spot := r.PublicSpot()
			if spot.Street != street || spot.Way.IsZero() {
				t.Errorf("%q, %s: the public is told %q", address, name, spot.Street)
			}
			if back, err := db.PlaceAt(t.Context(), town.ID, spot.Position); err != nil || back.Street != street {
				t.Errorf("%q, %s: the public place %v lies on %q, %v", address, name, spot.Position, back.Street, err)
			}
		}
	}
	// A point alone is the nearest street's, and beside a crossing not on another.
	r := reported(t, db, town.ID, "", civic.Position{Lon: 8.85003, Lat: 44.45})
	if back, _ := db.PlaceAt(t.Context(), town.ID, r.PublicSpot().Position); back.Street != r.PublicSpot().Street || !r.PublicSpot().Way.IsZero() {
		t.Errorf("a point is told as %+v and lies on %q", r.PublicSpot(), back.Street)
	}
	// A name far from the pin names nothing.
	if r := reported(t, db, town.ID, "Via Balbi 3", civic.Position{Lon: 8.8515, Lat: 44.4537}); r.PublicSpot().Street != "" {
		t.Errorf("400 m away the public is told %q", r.PublicSpot().Street)
	}
	// The register comes again: what was named stays, by its id.
	named := reported(t, db, town.ID, "Via Balbi 3", civic.Position{Lon: 8.8492, Lat: 44.45039})
	ways = append(ways, line("Vico Nuovo", 8.848, 8.852, 44.45038))
	save()
	if _, err := db.SettleSpots(t.Context(), town.ID, civic.ReportID{}, false); err != nil {
		t.Fatal(err)
	}
	after, err := db.Report(t.Context(), town.ID, named.ID)
	if err != nil || after.PublicSpot() != named.PublicSpot() || after.PublicSpot().Street != "Via Balbi" {
		t.Errorf("with new streets the public is told %+v, before %+v, %v", after.PublicSpot(), named.PublicSpot(), err)
	}
	// An operator moves the pin: to a point, then to a street by its name.
	move := func(value map[string]any) civic.Spot {
		t.Helper()
		must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), named.ID, 99, civic.KindSet, map[string]any{"field": "location", "value": value}))
		r, err := db.Report(t.Context(), town.ID, named.ID)
		if err != nil {
			t.Fatal(err)
		}
		return r.PublicSpot()
	}
	if spot := move(map[string]any{"lon": 8.849, "lat": 44.45039}); spot.Street != "Vico Nuovo" || !spot.Way.IsZero() {
		t.Errorf("moved to a point: %+v", spot)
	}
	if spot := move(map[string]any{"lon": 8.8491, "lat": 44.45039, "street": "Via Prè"}); spot.Street != "Via Prè" || spot.Way.IsZero() {
		t.Errorf("moved to a street: %+v", spot)
	}
}

// TestHouseNumbersOfEveryFormAreFound stores and finds each form.
func TestHouseNumbersOfEveryFormAreFound(t *testing.T) {
	db, town := open(t)
	var doors []civic.Door
	for i, number := range []string{"5", "12", "12/A", "12/A rosso", "12 rosso", "8/B rosso", "17/2/4", "16", "16 int. 3", "snc", "km 1,750"} {
		h, _, ok := civic.ParseHouseNumber(number, civic.MaxNumber)
		if !ok {
			t.Fatal(number)
		}
		doors = append(doors, civic.Door{Street: "Via Balbi", HouseNumber: h, X: 8.85 + float64(i)*1e-3, Y: 44.45})
	}
	if err := db.SaveDoors(t.Context(), town.ID, "test", 4326, doors, ignore); err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]string{
		"5": "5 true", "davanti al 5": "5 false", "n. 12": "12 true", "12/a": "12/A true", "12/A rosso": "12/A rosso true", "12r": "12 rosso true",
		"12 rosso": "12 rosso true", "8/B r": "8/B rosso true", "17/2/4": "17/2/4 true", "16 int. 3": "16 int. 3 true", "16 int. 4": "16 int. 4 true",
		"snc": "snc true", "s.n.": "snc true", "km 1,750": "km 1,750 true", "5 rosso": "5 false", "13": "12 false", "": " true",
	} {
		list, err := db.Places(t.Context(), town.ID, civic.ParseAddress("via Balbi "+written), 1)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if got := fmt.Sprint(list[0].Door(), " ", list[0].Exact); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
	for i, d := range doors {
		p, err := db.PlaceAt(t.Context(), town.ID, civic.Position{Lon: d.X, Lat: d.Y})
		if err != nil || p.HouseNumber != d.HouseNumber {
			t.Errorf("door %d is read back as %q, want %q (%v)", i, p.Door(), d.HouseNumber, err)
		}
	}
}

// genova reads the real streets of a town into a database. The names are as the
// register writes them.
func genova(t testing.TB) (db *storage.DB, town civic.JurisdictionID, names []string) {
	t.Helper()
	data := os.Getenv("SEGNAVIA_DATA")
	if data == "" {
		t.Skip("SEGNAVIA_DATA is unset: no register of streets to read")
	}
	raw, err := os.ReadFile(filepath.Join(data, "geo", "genova_streets.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	g := &table.Register{Source: "genova", Town: "genova", Name: "name"}
	db, blueprint := open(t)
	w, err := g.Ways(raw, nil, civic.Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SaveWays(t.Context(), blueprint.ID, g.Source, w.Ways); err != nil {
		t.Fatal(err)
	}
	var c struct {
		Features []struct {
			Properties struct{ Name string }
		}
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Features {
		if civic.StreetName(f.Properties.Name) != "" {
			names = append(names, f.Properties.Name)
		}
	}
	return db, blueprint.ID, names
}

// TestEveryStreetOfARealRegister types each street's name as the register has it,
// reports there, and reads which street the public is told and which one the public
// place lies on.
func TestEveryStreetOfARealRegister(t *testing.T) {
	db, town, names := genova(t)
	// What is stored in a moment has no statistics yet: without them each search reads
	// every street.
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // ends with the test
	if _, err := conn.Exec(t.Context(), `ANALYZE street`); err != nil {
		t.Fatal(err)
	}
	var batch []civic.Past
	var wanted []string
	for i, typed := range names {
		want, written := civic.StreetName(typed), typed
		if i%2 == 0 {
			written += []string{" 5", ", 12/A rosso", " snc", ", davanti al 3"}[i/2%4]
		}
		list, err := db.Places(t.Context(), town, civic.ParseAddress(written), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || list[0].Street != want {
			t.Errorf("%q is found as %+v", written, list)
			continue
		}
		past := civic.Past{Report: civictest.NewID[civic.Report]()}
		args := map[string]any{"service": "pothole", "lon": list[0].Lon, "lat": list[0].Lat, "address": written}
		past.Edits = []civic.PastEdit{{Now: time.Now(), Edit: civictest.Edit(civic.System, past.Report, 0, civic.KindCreate, args)}}
		batch, wanted = append(batch, past), append(wanted, want)
	}
	spots, err := db.SpotsOf(t.Context(), town, batch)
	if err != nil {
		t.Fatal(err)
	}
	shared := 0
	for i, spot := range spots {
		if spot.Street != wanted[i] || spot.Way.IsZero() {
			t.Errorf("%q is told as %q", wanted[i], spot.Street)
		}
		var metres float64
		err := conn.QueryRow(t.Context(), `
			SELECT min(ST_Distance(shape::geography, ST_SetSRID(ST_MakePoint($3, $4), 4326)::geography))
			FROM street WHERE jurisdiction_id = $1 AND name = $2`, town, wanted[i], spot.Lon, spot.Lat).Scan(&metres)
		if err != nil || metres > 0.5 {
			t.Errorf("%q: the public place %v is %.1f m from it, %v", wanted[i], spot.Position, metres, err)
		}
		back, err := db.PlaceAt(t.Context(), town, spot.Position)
		if err != nil {
			t.Fatal(err)
		}
		if back.Street != wanted[i] {
			shared++ // drawn along another street from end to end
			t.Logf("%q: %q runs along it", wanted[i], back.Street)
		}
	}
	t.Logf("%d streets, %d along which another is drawn", len(names), shared)
	if len(spots) != len(names) || shared > len(names)/100 {
		t.Errorf("%d of %d streets are told, %d lie on another", len(spots), len(names), shared)
	}
}
