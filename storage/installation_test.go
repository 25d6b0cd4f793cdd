package storage_test

import (
	"errors"
	"testing"

	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// TestADemonstrationIsFilledUntilItIsWhole cuts one off after its town was saved,
// as a killed program does.
func TestADemonstrationIsFilledUntilItIsWhole(t *testing.T) {
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, storagetest.Database(t, storage.Migrate, storage.SchemaKey()), storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	wanted := func(want bool, when string) {
		t.Helper()
		if fill, err := db.BecomeDemo(t.Context()); err != nil || fill != want {
			t.Errorf("%s: to be filled %t, want %t (%v)", when, fill, want, err)
		}
	}
	wanted(true, "at first")
	if err := db.SaveTown(t.Context(), civictest.Town("genova")); err != nil {
		t.Fatal(err)
	}
	wanted(true, "with a town and not all of its cases")
	if err := db.DemoBuilt(t.Context()); err != nil {
		t.Fatal(err)
	}
	wanted(false, "once it is whole")
}

func TestADemonstrationLeavesARealTownAlone(t *testing.T) {
	db, _ := open(t)
	if _, err := db.BecomeDemo(t.Context()); !errors.Is(err, storage.ErrRealTown) {
		t.Errorf("beside a real town: %v", err)
	}
}
