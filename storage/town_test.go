package storage_test

import (
	"context"
	"errors"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// open gives a test its own database with a small town in it.
func open(t testing.TB) (*storage.DB, *civic.Blueprint) {
	t.Helper()
	url := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, url, storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	town := civictest.Town("genova")
	if err := db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	return db, town
}

func create(service string, lon, lat float64) civic.CreateArgs {
	return civic.CreateArgs{Service: service, Title: "Buca", Description: "Profonda", Lon: &lon, Lat: &lat, Channel: civic.ChannelWeb}
}

func must(t testing.TB, db *storage.DB, j civic.JurisdictionID, e civic.Edit) civic.Answer {
	t.Helper()
	a, err := db.Apply(context.WithoutCancel(t.Context()), j, e, 0)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status == civic.Refused {
		t.Fatalf("%s refused: %s %v", e.Kind, a.Code, a.Args)
	}
	return a
}

func TestAPinReachesItsScopes(t *testing.T) {
	db, town := open(t)
	id := civictest.NewID[civic.Report]()
	e := civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45))
	a := must(t, db, town.ID, e)
	if a.Status != civic.Applied || a.Rev != 2 || len(a.Versions) != 3 {
		t.Fatalf("answer %+v, want applied at rev 2 (created, then routed) in three scopes", a)
	}
	for s, v := range a.Versions {
		d, head, err := db.Pull(t.Context(), town.ID, s, 0, 500)
		if err != nil || head != v || len(d.Ops) != 1 || d.Ops[0].Kind != civic.OpEnter || d.Sum != civic.SumOf(id, 2) {
			t.Errorf("%s: %+v, head %d, %v", s, d, head, err)
		}
	}
	again := must(t, db, town.ID, e)
	if again.Rev != a.Rev || len(again.Versions) != 3 {
		t.Errorf("the repeat is answered %+v", again)
	}
	e.Args = []byte(`{"service":"tree"}`)
	taken, err := db.Apply(t.Context(), town.ID, e, 0)
	if err != nil || taken.Code != civic.CodeIDTaken {
		t.Errorf("another edit under the id: %+v, %v", taken, err)
	}
}

func TestAnotherTownSeesNothing(t *testing.T) {
	db, town := open(t)
	other := civictest.Town("milano")
	if err := db.SaveTown(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	id := civictest.NewID[civic.Report]()
	a := must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	for s := range a.Versions {
		if _, _, err := db.Pull(t.Context(), other.ID, s, 0, 10); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s of another town: %v", s, err)
		}
	}
	note := civictest.Edit(civictest.Actor(other, "operator"), id, 2, civic.KindNote, civic.TextArgs{Text: "x"})
	answer, err := db.Apply(t.Context(), other.ID, note, 0)
	if err != nil || answer.Code != civic.CodeUnknownReport {
		t.Errorf("an edit from another town: %+v, %v", answer, err)
	}
}
