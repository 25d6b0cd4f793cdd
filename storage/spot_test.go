package storage_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// line is a street along a parallel.
func line(name string, west, east, lat float64) civic.Way {
	return civic.Way{Name: name, Class: 1, Shape: fmt.Appendf(nil,
		`{"type":"LineString","coordinates":[[%v,%v],[%v,%v]]}`, west, lat, east, lat)}
}

// TestThePublicPlaceIsOnTheStreet makes, moves and imports cases, with streets and
// before there are any, and reads what the public is told.
func TestThePublicPlaceIsOnTheStreet(t *testing.T) {
	db, town := open(t)
	spot := func(id civic.ReportID) string {
		t.Helper()
		r, err := db.Report(t.Context(), town.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		s := r.PublicSpot()
		return fmt.Sprintf("%.5f %.5f %s", s.Lon, s.Lat, s.Street)
	}
	settle := func(onlyNew bool) {
		t.Helper()
		if last, err := db.SettleSpots(t.Context(), town.ID, civic.ReportID{}, onlyNew); err != nil || !last.IsZero() {
			t.Fatal(last, err)
		}
	}
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.851234, 44.450234)))
	if got := spot(id); got != "8.85120 44.45020 " {
		t.Errorf("before there are streets: %s", got)
	}
	// Two streets, 26 m and 33 m away from the case, and a square's house numbers.
	ways := []civic.Way{line("Via Balbi", 8.84, 8.86, 44.45), line("Via Prè", 8.84, 8.86, 44.45053), line("", 8.84, 8.86, 44.4503)}
	if err := db.SaveWays(t.Context(), town.ID, "test", ways); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveDoors(t.Context(), town.ID, "doors", 4326, []civic.Door{{Street: "Piazza Dante", HouseNumber: civic.HouseNumber{Number: 3}, X: 8.88, Y: 44.46}}, ignore); err != nil {
		t.Fatal(err)
	}
	settle(false)
	if got := spot(id); got != "8.85123 44.45000 Via Balbi" {
		t.Errorf("after streets came: %s", got)
	}
	if r, err := db.Report(t.Context(), town.ID, id); err != nil || r.Lat != 44.450234 || r.Rev != 3 {
		t.Errorf("the office sees %v at rev %d, %v", r.Position, r.Rev, err)
	}
	settle(false)
	if r, _ := db.Report(t.Context(), town.ID, id); r.Rev != 3 {
		t.Errorf("the same streets again make rev %d", r.Rev)
	}

	other := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, other, 0, civic.KindCreate, create("pothole", 8.852, 44.4505)))
	if got := spot(other); got != "8.85200 44.45053 Via Prè" {
		t.Errorf("a new case: %s", got)
	}
	move := func(lon, lat float64) {
		t.Helper()
		r, err := db.Report(t.Context(), town.ID, other)
		if err != nil {
			t.Fatal(err)
		}
		must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), other, r.Rev, civic.KindSet,
			map[string]any{"field": "location", "value": civic.Position{Lon: lon, Lat: lat}}))
	}
	move(8.880123, 44.460123)
	if got := spot(other); got != "8.88010 44.46010 Piazza Dante" {
		t.Errorf("by a house number: %s", got)
	}
	move(8.890123, 44.460123)
	if got := spot(other); got != "8.89010 44.46010 " {
		t.Errorf("where nothing is near: %s", got)
	}

	// Somebody corrects only the words: 26 m from Via Balbi, 33 m from Via Prè.
	readdress := func(id civic.ReportID, address string) {
		t.Helper()
		r, err := db.Report(t.Context(), town.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), id, r.Rev, civic.KindSet, map[string]any{"field": "address", "value": address}))
	}
	for _, c := range [][2]string{
		{"Via Prè 7", "8.85123 44.45053 Via Prè"},
		{"davanti al bar, Via Balbi", "8.85123 44.45000 Via Balbi"},
		{"Via Prè", "8.85123 44.45053 Via Prè"},
		{"", "8.85123 44.45000 Via Balbi"},
		{"dietro la chiesa", "8.85123 44.45000 Via Balbi"},
	} {
		readdress(id, c[0])
		if got := spot(id); got != c[1] {
			t.Errorf("the address %q: %s, want %s", c[0], got, c[1])
		}
	}
	unplaced := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, unplaced, 0, civic.KindCreate, map[string]any{"service": "pothole", "address": "dietro la chiesa"}))
	readdress(unplaced, "Via Prè")
	if got := spot(unplaced); got != "0.00000 0.00000 " {
		t.Errorf("a case without a point: %s", got)
	}

	past := civic.Past{Report: civictest.NewID[civic.Report]()}
	past.Edits = []civic.PastEdit{{Now: time.Now(), Edit: civictest.Edit(civic.System, past.Report, 0, civic.KindCreate, create("pothole", 8.8555, 44.45049))}}
	if told, err := db.IngestPast(t.Context(), town.ID, []civic.Past{past}); err != nil || told.New != 1 {
		t.Fatal(told, err)
	}
	if got := spot(past.Report); got != "8.85550 44.45053 Via Prè" {
		t.Errorf("an imported case: %s", got)
	}
	near, err := db.Nearby(t.Context(), town.ID, civic.Position{Lon: 8.8555, Lat: 44.45053}, 1, 5)
	if err != nil || len(near) != 1 || near[0].ID != past.Report {
		t.Errorf("nearby goes by the street: %v, %v", near, err)
	}
	for row, err := range db.AreaRows(t.Context(), town.ID, func([]civic.Head) {}) {
		if err != nil {
			t.Fatal(err)
		}
		if row.ID == id && (row.Spot == nil || math.Abs(row.Spot[1]-44.45) > 1e-9) {
			t.Errorf("the map loads %v", row.Spot)
		}
	}
}
