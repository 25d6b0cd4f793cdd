package storage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

func TestAKeyIsKeptByItsHashAndEnds(t *testing.T) {
	db, town := open(t)
	now := time.Now()
	key, made, err := db.AddAPIKey(t.Context(), town.ID, "fixmystreet", []string{civic.KeyUpdates}, now.Add(time.Hour))
	if err != nil || !strings.HasPrefix(key, made.Prefix+"_") || len(key)-len(made.Prefix) < 52 {
		t.Fatalf("%q %+v %v", key, made, err)
	}
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	for _, row := range texts(t, conn, `SELECT row(k.*)::text FROM api_key k`) {
		if strings.Contains(row, key[len(made.Prefix):]) {
			t.Errorf("the key is stored: %s", row)
		}
	}
	found, err := db.APIKey(t.Context(), town.ID, key)
	if err != nil || found.ID != made.ID || !found.May(civic.KeyUpdates, now) || found.May(civic.KeyRequests, now) || found.May(civic.KeyUpdates, now.Add(2*time.Hour)) {
		t.Errorf("found %+v, %v", found, err)
	}
	if a := found.Actor(); a.Role != civic.RoleService || a.Client != "fixmystreet" {
		t.Errorf("actor %+v", a)
	}
	for _, wrong := range []string{"", key + "x", strings.ToUpper(key), made.Prefix} {
		if _, err := db.APIKey(t.Context(), town.ID, wrong); !errors.Is(err, civic.ErrNotFound) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	other := civictest.Town("milano")
	if err := db.SaveTown(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if _, err := db.APIKey(t.Context(), other.ID, key); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("another town knows the key: %v", err)
	}
	if _, err := db.RevokeAPIKey(t.Context(), other.ID, made.Prefix); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("another town ends the key: %v", err)
	}
	for range 2 {
		if k, err := db.RevokeAPIKey(t.Context(), town.ID, made.ID.String()); err != nil || k.Live(now) {
			t.Errorf("revoked %+v, %v", k, err)
		}
	}
	if list, err := db.APIKeys(t.Context(), town.ID); err != nil || len(list) != 1 || list[0].Live(now) {
		t.Errorf("list %+v, %v", list, err)
	}
	if _, _, err := db.AddAPIKey(t.Context(), town.ID, "x", []string{"everything"}, now); err == nil {
		t.Error("a scope that nobody knows is kept")
	}
}

// TestNewsAreWrittenWithTheirEdit follows a case and an import, which both tell what
// became public and nothing else.
func TestNewsAreWrittenWithTheirEdit(t *testing.T) {
	db, town := open(t)
	began := time.Now().Add(-time.Second)
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45))) // routed at once
	operator, crew := civictest.Actor(town, "operator"), civictest.Actor(town, "crew")
	must(t, db, town.ID, civictest.Edit(operator, id, 9, civic.KindNote, civic.TextArgs{Text: "x"}))
	must(t, db, town.ID, civictest.Edit(operator, id, 9, civic.KindReply, civic.TextArgs{Text: "x"}))
	said := civictest.Edit(operator, id, 9, civic.KindReply, civic.TextArgs{Text: "x", Public: true})
	must(t, db, town.ID, said)
	must(t, db, town.ID, civictest.Edit(crew, id, 9, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "done"}))
	list, err := db.Updates(t.Context(), town.ID, "", began, time.Now(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, u := range list {
		told = append(told, string(u.Status)+":"+string(u.Ending))
	}
	if !slices.Equal(told, []string{"assigned:", "assigned:", "resolved:work"}) || list[1].Message != civic.MessageID(said.ID) || list[1].ID != said.ID {
		t.Errorf("told %v, %+v", told, list)
	}
	// The public sees nothing of a private report, its own program does.
	lon, lat := 8.85, 44.45
	program := civic.Actor{Role: civic.RoleService, Client: "fixmystreet"}
	private := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(program, private, 0, civic.KindCreate, civic.CreateArgs{Service: "distress", Lon: &lon, Lat: &lat}))
	must(t, db, town.ID, civictest.Edit(operator, private, 9, civic.KindTransition, civic.TransitionArgs{To: civic.StatusAcknowledged}))
	for client, want := range map[string]int{"": 3, "other": 3, "fixmystreet": 4} {
		if list, err := db.Updates(t.Context(), town.ID, client, began, time.Now(), 0, 10); err != nil || len(list) != want {
			t.Errorf("%q is told %d updates, want %d (%v)", client, len(list), want, err)
		}
	}
	if list, err := db.Updates(t.Context(), town.ID, "", began, time.Now(), 1, 1); err != nil || len(list) != 1 || list[0].ID != said.ID {
		t.Errorf("the second page is %+v, %v", list, err)
	}
	past := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	old := civictest.NewID[civic.Report]()
	told2, err := db.IngestPast(t.Context(), town.ID, []civic.Past{{Report: old, Edits: []civic.PastEdit{
		{Edit: civictest.Edit(civic.System, old, 0, civic.KindCreate, create("tree", 8.85, 44.45)), Now: past},
		{Edit: civictest.Edit(operator, old, 9, civic.KindTransition, civic.TransitionArgs{To: civic.StatusRejected, Reason: "x"}), Now: past.Add(time.Hour)},
	}}})
	if err != nil || told2.New != 1 {
		t.Fatal(told2, err)
	}
	if list, err := db.Updates(t.Context(), town.ID, "", past, past.Add(2*time.Hour), 0, 10); err != nil || len(list) != 1 || list[0].Report != old || !list[0].At.Equal(past.Add(time.Hour)) {
		t.Errorf("of the past %+v, %v", list, err)
	}
}
