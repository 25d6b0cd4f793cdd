package storage_test

import (
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestAPersonIsAddedToATownThatRuns(t *testing.T) {
	db, town := open(t)
	u := civic.User{
		ID: civictest.NewID[civic.User](), Login: "anna", Display: "Anna Parodi", Role: civic.RoleOperator,
		Desks: []civic.DeskID{town.Desks[0].ID},
	}
	scope := civic.ScopeOf(civic.ScopeTown, town.ID)
	before, _, _ := collect(t, db, town.ID, scope, civic.ReportID{})
	for range 2 {
		if err := db.SaveUser(t.Context(), town.ID, u); err != nil {
			t.Fatal(err)
		}
	}
	if after, _, _ := collect(t, db, town.ID, scope, civic.ReportID{}); after.N != before.N+1 || after.V != before.V+1 {
		t.Errorf("the town's scope was %+v, is %+v", before, after)
	}
	got, _, err := db.PasswordOf(t.Context(), town.ID, "anna")
	if err != nil || got.ID != u.ID || got.Role != u.Role || len(got.Desks) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	// Work can be given to them at once.
	report := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, report, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), report, 9, civic.KindAssign, civic.AssignArgs{User: u.ID}))
	other := u
	other.ID = civictest.NewID[civic.User]()
	if err := db.SaveUser(t.Context(), town.ID, other); civic.CodeOf(err) != civic.CodeIDTaken {
		t.Errorf("a login that is taken: %v", err)
	}
}
