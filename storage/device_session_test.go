package storage_test

import (
	"errors"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

// TestADeviceThatIsEndedDoesNotComeBackByItsSession: a phone that signed in with a
// password has a session beside its grant, and could make itself a device again.
func TestADeviceThatIsEndedDoesNotComeBackByItsSession(t *testing.T) {
	db, town := open(t)
	ctx, now := t.Context(), time.Now()
	crew, foreman := civictest.Actor(town, "crew").User, civictest.Actor(town, "foreman").User
	session, err := db.AddSession(ctx, town.ID, crew, "")
	if err != nil {
		t.Fatal(err)
	}
	others, err := db.AddSession(ctx, town.ID, foreman, "")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := db.AddDevice(ctx, town.ID, crew, "lost", time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.EndDevice(ctx, town.ID, foreman, phone.Device, []civic.Role{civic.RoleCrew}); err != nil {
		t.Fatal(err)
	}
	if u, err := db.SessionUser(ctx, town.ID, session); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the lost phone is still signed in as %s: %v", u.Login, err)
	}
	if _, err := db.SessionUser(ctx, town.ID, others); err != nil {
		t.Errorf("whoever ended it was signed out: %v", err)
	}
}
