package storage_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// tables counts a database as it is now.
func tables(t *testing.T, url string) (storage.Facts, []storage.Table) {
	t.Helper()
	m, err := storage.OpenMoment(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // only read
	facts, err := m.Facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := m.Tables(t.Context(), func(storage.Table) {})
	if err != nil {
		t.Fatal(err)
	}
	return facts, list
}

// TestADumpIsOneMomentAndComesBackWhole dumps while others write, destroys, and
// restores into another database: every table's rows and sums are the moment's,
// and the epoch is another.
func TestADumpIsOneMomentAndComesBackWhole(t *testing.T) {
	db, town := open(t)
	for range 20 {
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	m, err := storage.OpenMoment(t.Context(), storage.URLOf(db))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // only read
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	want, err := m.Tables(t.Context(), func(storage.Table) {})
	if err != nil {
		t.Fatal(err)
	}
	dump := filepath.Join(t.TempDir(), "database.dump")
	if err := m.Dump(t.Context(), "", dump); err != nil {
		t.Fatal(err)
	}
	before, now := tables(t, storagetest.Admin(t, storage.URLOf(db)))
	if len(storage.Differences(want, now)) < 3 {
		t.Error("what came after the moment is not told apart")
	}
	into := storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	if err := storage.Restore(t.Context(), "", into, dump); err != nil {
		t.Fatal(err)
	}
	after, got := tables(t, into)
	if list := storage.Differences(want, got, "installation"); len(list) > 0 {
		t.Errorf("%v", list)
	}
	if after.Epoch == before.Epoch || after.Schema != before.Schema || len(after.Towns) != 1 {
		t.Errorf("%+v, then %+v", before, after)
	}
	if err := storage.Migrate(t.Context(), into); err != nil {
		t.Errorf("migrate what was restored: %v", err)
	}
	if half, err := storage.Open(t.Context(), storage.Options{URL: into}); err == nil {
		half.Close()
		t.Error("a restore that did not end is served")
	}
	if err := storage.FinishRestore(t.Context(), into); err != nil {
		t.Fatal(err)
	}
	again, err := storage.Open(t.Context(), storage.Options{URL: into})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	must(t, again, town.ID, civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	found, err := again.CheckLog(t.Context(), town.ID)
	if err != nil || found.Ops != 0 || found.Heads != 0 {
		t.Errorf("log against tables: %+v %v", found, err)
	}
}

// TestHalfADumpRestoresNothing: what was there is there.
func TestHalfADumpRestoresNothing(t *testing.T) {
	db, _, _ := logged(t, 5)
	_, before := tables(t, storagetest.Admin(t, storage.URLOf(db)))
	m, err := storage.OpenMoment(t.Context(), storage.URLOf(db))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // only read
	dump := filepath.Join(t.TempDir(), "database.dump")
	if err := m.Dump(t.Context(), "", dump); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(dump)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(dump, info.Size()*9/10); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := storage.Restore(t.Context(), "", storagetest.Admin(t, storage.URLOf(db)), dump); err == nil || !strings.Contains(err.Error(), "pg_restore") {
		t.Errorf("half a dump: %v", err)
	}
	if _, after := tables(t, storagetest.Admin(t, storage.URLOf(db))); len(storage.Differences(before, after)) > 0 {
		t.Errorf("changed: %v", storage.Differences(before, after))
	}
}
