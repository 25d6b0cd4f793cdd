package storage_test

import (
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

// TestACodeTakesSoManyWrongPINs guesses at one report from anywhere: the count is
// the report's.
func TestACodeTakesSoManyWrongPINs(t *testing.T) {
	db, town := open(t)
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	receipt, err := db.Receipt(t.Context(), town.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	bad := "000000"
	if receipt.PIN == bad {
		bad = "000001"
	}
	wrong := func() {
		t.Helper()
		if _, err := db.OpenByPIN(t.Context(), town.ID, id, bad); civic.CodeOf(err) != "bad_pin" {
			t.Fatalf("a wrong PIN: %v", err)
		}
	}
	for range storage.MaxPINTries - 1 {
		wrong()
	}
	if secret, err := db.OpenByPIN(t.Context(), town.ID, id, receipt.PIN); err != nil || secret != receipt.Secret {
		t.Fatalf("the right PIN: %q, %v", secret, err)
	}
	for range storage.MaxPINTries { // the right one has begun the count anew
		wrong()
	}
	if _, err := db.OpenByPIN(t.Context(), town.ID, id, receipt.PIN); civic.CodeOf(err) != "too_many_tries" {
		t.Errorf("after so many: %v", err)
	}
}
