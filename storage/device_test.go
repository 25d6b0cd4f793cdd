package storage_test

import (
	"errors"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

func TestTheLastNumberReachesOverWhatWasDecidedBefore(t *testing.T) {
	db, town := open(t)
	actor := civictest.Actor(town, "crew")
	tokens, err := db.AddDevice(t.Context(), town.ID, actor.User, "phone", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	actor.Device = tokens.Device
	number := func() int64 {
		last, _, err := db.Pushed(t.Context(), town.ID, tokens.Device, nil)
		if err != nil {
			t.Fatal(err)
		}
		return last
	}
	for _, n := range []int64{2, 3, 5} {
		e := civictest.Edit(actor, civictest.NewID[civic.Report](), 0, civic.KindNote, civic.TextArgs{Text: "x"})
		if _, err := db.Apply(t.Context(), town.ID, e, n); err != nil {
			t.Fatal(err)
		}
	}
	if n := number(); n != 0 {
		t.Errorf("last_n is %d while 1 waits, want 0", n)
	}
	for _, x := range []struct{ skip, want int64 }{{1, 3}, {1, 3}, {7, 3}, {4, 5}, {6, 6}} {
		if err := db.Skip(t.Context(), town.ID, tokens.Device, x.skip); err != nil {
			t.Fatal(err)
		}
		if n := number(); n != x.want {
			t.Errorf("after %d last_n is %d, want %d", x.skip, n, x.want)
		}
	}
}

func TestGrantsAreReadForManyDevicesAtOnce(t *testing.T) {
	db, town := open(t)
	devices := []civic.DeviceID{civictest.NewID[civic.Device]()}
	for _, login := range []string{"crew", "operator"} {
		tokens, err := db.AddDevice(t.Context(), town.ID, civictest.Actor(town, login).User, "phone", time.Hour, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		devices = append(devices, tokens.Device)
	}
	if err := db.RevokeDevice(t.Context(), town.ID, devices[2]); err != nil {
		t.Fatal(err)
	}
	grants, err := db.GrantsOf(t.Context(), town.ID, devices)
	if err != nil || len(grants) != 2 {
		t.Fatalf("%d grants of two devices and a stranger (%v)", len(grants), err)
	}
	crew, office := grants[devices[1]], grants[devices[2]]
	if crew.Actor.Role != civic.RoleCrew || len(crew.Actor.Teams) == 0 || crew.Revoked || !office.Revoked || office.Device != devices[2] {
		t.Errorf("grants %+v and %+v", crew, office)
	}
}

// TestARevokedDeviceIsKnownByAnyTokenItEverHad looks at a phone that lay in a
// drawer: told only that its token is bad, it would keep what it holds.
func TestARevokedDeviceIsKnownByAnyTokenItEverHad(t *testing.T) {
	db, town := open(t)
	now := time.Now()
	tokens, err := db.AddDevice(t.Context(), town.ID, civictest.Actor(town, "crew").User, "phone", time.Minute, now)
	if err != nil {
		t.Fatal(err)
	}
	later := now.Add(storage.PushGrace + time.Hour)
	if _, err := db.Grant(t.Context(), town.ID, tokens.Token, later); !errors.Is(err, storage.ErrBadToken) {
		t.Errorf("a token that ended long ago: %v", err)
	}
	if _, err := db.Refresh(t.Context(), town.ID, tokens.Refresh, now.Add(storage.RefreshTTL+time.Hour)); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a grant that ran out is renewed: %v", err)
	}
	if err := db.RevokeDevice(t.Context(), town.ID, tokens.Device); err != nil {
		t.Fatal(err)
	}
	if g, err := db.Grant(t.Context(), town.ID, tokens.Token, later); err != nil || !g.Revoked {
		t.Errorf("revoked %t, %v", g.Revoked, err)
	}
	// So it is where it renews its token, which is where it asks first.
	for _, at := range []time.Time{now, now.Add(storage.RefreshTTL + time.Hour)} {
		if _, err := db.Refresh(t.Context(), town.ID, tokens.Refresh, at); says(err) != "wipe" {
			t.Errorf("renewed at %v: %v", at.Sub(now), err)
		}
	}
}
