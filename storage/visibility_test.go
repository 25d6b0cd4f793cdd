package storage_test

import (
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestAServiceThatBecomesPrivateLeavesTheMap changes what a service publishes and
// looks at the bodies that the map is made of.
func TestAServiceThatBecomesPrivateLeavesTheMap(t *testing.T) {
	db, town := open(t)
	id, other := civictest.NewID[civic.Report](), civictest.NewID[civic.Report]()
	for _, one := range []civic.ReportID{id, other} {
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, one, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), other, 2, civic.KindHide,
		map[string]any{"target": "report", "id": other.String(), "reason": "nomi"}))
	visible := func(one civic.ReportID) bool {
		t.Helper()
		r, err := db.Report(t.Context(), town.ID, one)
		if err != nil {
			t.Fatal(err)
		}
		return r.Visible
	}
	publish := func(p civic.Publication) {
		t.Helper()
		for i := range town.Services {
			if town.Services[i].Code == "pothole" {
				town.Services[i].Public = p
			}
		}
		if err := db.SaveTown(t.Context(), town); err != nil {
			t.Fatal(err)
		}
		if more, err := db.SettleVisibility(t.Context(), town.ID); err != nil || more {
			t.Fatal(more, err)
		}
	}
	if !visible(id) || visible(other) {
		t.Fatalf("before: %t, %t", visible(id), visible(other))
	}
	publish(civic.PublishNever)
	if visible(id) {
		t.Error("a private service's case is on the map")
	}
	publish(civic.PublishPlace)
	if !visible(id) || visible(other) {
		t.Errorf("public again: %t, hidden %t", visible(id), visible(other))
	}
}
