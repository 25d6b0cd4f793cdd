package storage_test

import (
	"errors"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

func TestWhoLooksAfterTheCrewsSeesTheirDevicesAlone(t *testing.T) {
	db, town := open(t)
	ctx, now := t.Context(), time.Now()
	crews := []civic.Role{civic.RoleCrew, civic.RoleContractor}
	foreman := civictest.Actor(town, "foreman").User
	add := func(login string, at time.Time) civic.DeviceID {
		tokens, err := db.AddDevice(ctx, town.ID, civictest.Actor(town, login).User, login, time.Hour, at)
		if err != nil {
			t.Fatal(err)
		}
		return tokens.Device
	}
	old, phone, office := add("crew", now.Add(-29*24*time.Hour)), add("crew", now), add("operator", now)
	add("crew", now.Add(-61*24*time.Hour))

	list, err := db.DevicesSeen(ctx, town.ID, crews, now)
	if err != nil || len(list) != 2 || list[0].ID != phone || list[1].ID != old {
		t.Fatalf("%d devices, %v: %+v", len(list), err, list)
	}
	if seen, ends := list[1].Seen, list[1].Ends; now.Sub(seen).Round(time.Hour) != 29*24*time.Hour || ends.Sub(now).Round(time.Hour) != 24*time.Hour {
		t.Errorf("seen at %s, ends at %s", seen, ends)
	}
	for _, d := range []civic.DeviceID{office, civictest.NewID[civic.Device]()} {
		if err := db.EndDevice(ctx, town.ID, foreman, d, crews); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("the office's device was ended by a foreman: %v", err)
		}
	}
	if err := db.EndDevice(ctx, town.ID, foreman, phone, crews); err != nil {
		t.Fatal(err)
	}
	grants, err := db.GrantsOf(ctx, town.ID, []civic.DeviceID{phone, office})
	if err != nil || !grants[phone].Revoked || grants[office].Revoked {
		t.Errorf("%+v %v", grants, err)
	}
	if list, _ := db.DevicesSeen(ctx, town.ID, crews, now); len(list) != 2 || !list[0].Revoked {
		t.Errorf("after the end: %+v", list)
	}
}

func TestACodeIsForSomebodyWhomOneLooksAfter(t *testing.T) {
	db, town := open(t)
	ctx, now := t.Context(), time.Now()
	crews := []civic.Role{civic.RoleCrew}
	foreman := civictest.Actor(town, "foreman").User
	own, err := db.AddDevice(ctx, town.ID, foreman, "own", time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	asker := civic.Asker{User: foreman, Device: own.Device}
	if _, err := db.Invite(ctx, town.ID, asker, civictest.Actor(town, "admin").User, crews, now.Add(time.Hour)); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a foreman lets in an administrator's device: %v", err)
	}
	crew := civictest.Actor(town, "crew").User
	code, err := db.Invite(ctx, town.ID, asker, crew, crews, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := db.Enrol(ctx, town.ID, code, "phone", now)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := db.Grant(ctx, town.ID, tokens.Token, now); err != nil || g.Actor.User != crew {
		t.Errorf("%+v %v", g, err)
	}
	if _, err := db.Enrol(ctx, town.ID, code, "phone", now); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the same code again: %v", err)
	}
}
