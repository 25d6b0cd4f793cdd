package tiles

import (
	"testing"
	"time"

	"segnavia/geo"
)

// TestADayIsTheTowns puts a report half an hour after midnight in Rome, which is
// yesterday in UTC: the map must not tell another day than the case's own page.
func TestADayIsTheTowns(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	row := oneReport()
	row.Visible, row.Created = true, time.Date(2026, 6, 1, 0, 30, 0, 0, rome)
	x := NewIndexIn(rome)
	if err := x.Load(func(yield func(Row, error) bool) { yield(row, nil) }); err != nil {
		t.Fatal(err)
	}
	tile := geo.CellOf(geo.At(row.Point), 17)
	shows := func(query string, a Access) []drawn { return decode(t, x.Tile(tile, mustParse(t, query), a)) }
	check := func(when string) {
		t.Helper()
		if got := shows("", Public); len(got) != 1 || got[0].Properties["created"] != "2026-06-01" {
			t.Errorf("%s: the public sees %v", when, got)
		}
		if got := shows("", Staff); len(got) != 1 || got[0].Properties["created"] != "2026-05-31T22:30:00Z" {
			t.Errorf("%s: staff see %v", when, got)
		}
		if n := len(shows("?from=2026-06-01&to=2026-06-01", Public)); n != 1 {
			t.Errorf("%s: %d on 1 June, want 1", when, n)
		}
		if n := len(shows("?to=2026-05-31", Staff)); n != 0 {
			t.Errorf("%s: %d until 31 May, want 0", when, n)
		}
	}
	check("loaded")
	if err := x.Apply([]Change{row.patch(2, `{"status":"resolved"}`)}); err != nil {
		t.Fatal(err)
	}
	check("patched")
}
