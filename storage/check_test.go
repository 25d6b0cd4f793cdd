package storage_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// TestTheCheckMendsWhatSomebodyBroke breaks tables by hand, as nobody should, and
// lets the check bring log, membership and heads back together.
func TestTheCheckMendsWhatSomebodyBroke(t *testing.T) {
	db, town := open(t)
	ids := make([]civic.ReportID, 3)
	for i := range ids {
		ids[i] = civictest.NewID[civic.Report]()
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, ids[i], 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	for _, sql := range []string{
		`DELETE FROM report_access`,
		`DELETE FROM report_update`,
		`DELETE FROM report WHERE id = '` + ids[0].String() + `'`,
		`DELETE FROM membership WHERE report_id = '` + ids[1].String() + `' AND scope LIKE 'team:%'`,
		`DELETE FROM membership WHERE scope LIKE 'town:%'`,
		`UPDATE scope_head SET n = 7 WHERE scope LIKE 'desk:%'`,
		`DELETE FROM scope_head WHERE scope LIKE 'area:%'`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	found, err := db.CheckLog(t.Context(), town.ID)
	if err != nil || found.Ops == 0 {
		t.Fatalf("found %+v, %v", found, err)
	}
	again, err := db.CheckLog(t.Context(), town.ID)
	if err != nil || again.Ops+again.Heads > 0 {
		t.Errorf("still broken: %+v, %v", again, err)
	}
	for scope, want := range map[civic.Scope]int64{
		civic.ScopeOf(civic.ScopeTeam, town.Teams[0].ID): 2,
		civic.ScopeOf(civic.ScopeDesk, town.Desks[0].ID): 2,
	} {
		heads, err := db.Heads(t.Context(), town.ID, []civic.Scope{scope})
		if err != nil || heads[scope].N != want {
			t.Errorf("%s has %d members, want %d (%v)", scope, heads[scope].N, want, err)
		}
	}
}
