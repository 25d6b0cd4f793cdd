package storage_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

// access is what lets one person in, or others by them: a password, two devices, a
// session and codes.
type access struct {
	t       *testing.T
	db      *storage.DB
	town    *civic.Blueprint
	login   string
	user    civic.UserID
	session string
	codes   [2]string // for the person, and of theirs for somebody else
	devices [2]civic.Tokens
}

func newAccess(t *testing.T) *access {
	t.Helper()
	db, town := open(t)
	a := &access{t: t, db: db, town: town, login: "crew", user: civictest.Actor(town, "crew").User}
	if err := db.SetPassword(t.Context(), town.ID, a.login, "old"); err != nil {
		t.Fatal(err)
	}
	var err error
	if a.session, err = db.AddSession(t.Context(), town.ID, a.user, "old"); err == nil {
		a.devices[0], err = db.DeviceBySession(t.Context(), town.ID, a.session, "phone", time.Now())
	}
	if err == nil {
		a.devices[1], err = db.AddDevice(t.Context(), town.ID, a.user, "tablet", time.Hour, time.Now())
	}
	if err == nil {
		a.codes[0], err = db.AddEnrolment(t.Context(), town.ID, a.user, time.Now().Add(time.Hour))
	}
	if err == nil {
		a.codes[1], err = a.invite(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// invite makes a code for somebody else.
func (a *access) invite(ctx context.Context) (string, error) {
	by := civic.Asker{User: a.user, Session: a.session}
	other := civictest.Actor(a.town, "contractor").User
	return a.db.Invite(ctx, a.town.ID, by, other, []civic.Role{civic.RoleContractor}, time.Now().Add(time.Hour))
}

// lives counts what still lets the person in, and tells how the devices have ended.
func (a *access) lives() (n int, refusals [2]string) {
	a.t.Helper()
	ctx, j := a.t.Context(), a.town.ID
	if _, err := a.db.SessionUser(ctx, j, a.session); err == nil {
		n++
	}
	for i, d := range a.devices {
		_, byRefresh := a.db.Refresh(ctx, j, d.Refresh, time.Now())
		g, err := a.db.Grant(ctx, j, d.Token, time.Now())
		if err != nil {
			a.t.Fatal(err)
		}
		if refusals[i] = says(g.Refusal()); refusals[i] != says(byRefresh) {
			a.t.Errorf("the grant says %q, its renewal %q", refusals[i], says(byRefresh))
		}
		if refusals[i] == "" {
			n++
		}
	}
	for _, code := range a.codes {
		if _, err := a.db.Enrol(ctx, j, code, "", time.Now()); err == nil {
			n++
		}
	}
	return n, refusals
}

func says(err error) string {
	var refused *civic.Error
	if !errors.As(err, &refused) {
		return ""
	}
	if refused.Args["wipe"] == true {
		return "wipe"
	}
	return refused.Code
}

// TestNothingMadeFromACredentialOutlivesIt ends a person's access in every way that
// there is: nothing that lets them in is left, and each device is told how it ended.
func TestNothingMadeFromACredentialOutlivesIt(t *testing.T) {
	type end = func(ctx context.Context, a *access) error
	password := func(ctx context.Context, a *access) error { return a.db.SetPassword(ctx, a.town.ID, a.login, "new") }
	signOut := func(ctx context.Context, a *access) error {
		_, err := a.db.SignOutEverywhere(ctx, a.town.ID, a.user, a.user)
		return err
	}
	disable := func(ctx context.Context, a *access) error {
		_, err := a.db.SetDisabled(ctx, a.town.ID, a.login, true)
		return err
	}
	enable := func(ctx context.Context, a *access) error {
		_, err := a.db.SetDisabled(ctx, a.town.ID, a.login, false)
		return err
	}
	revoke := func(ctx context.Context, a *access) error {
		_, err := a.db.RevokeUser(ctx, a.town.ID, a.user)
		return err
	}
	loseOne := func(ctx context.Context, a *access) error {
		return a.db.RevokeDevice(ctx, a.town.ID, a.devices[0].Device)
	}
	for name, c := range map[string]struct {
		ends []end
		want [2]string
	}{
		"a new password":                {[]end{password}, [2]string{"signed_out", "signed_out"}},
		"signed out everywhere":         {[]end{signOut}, [2]string{"signed_out", "signed_out"}},
		"kept out":                      {[]end{disable}, [2]string{"wipe", "wipe"}},
		"kept out, and let in again":    {[]end{disable, enable}, [2]string{"wipe", "wipe"}},
		"revoked":                       {[]end{revoke}, [2]string{"wipe", "wipe"}},
		"signed out, then lost":         {[]end{password, loseOne}, [2]string{"wipe", "signed_out"}},
		"lost, then signed out":         {[]end{loseOne, signOut}, [2]string{"wipe", "signed_out"}},
		"signed out, then all are lost": {[]end{signOut, revoke}, [2]string{"wipe", "wipe"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccess(t)
			for _, end := range c.ends {
				if err := end(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			}
			if n, got := a.lives(); n != 0 || got != c.want {
				t.Errorf("%d ways in are left; the devices are told %q, want %q", n, got, c.want)
			}
		})
	}
}

// TestNothingIsMadeFromACredentialAsItEnds lets a session, a code and a password be
// used at the moment at which another password is set.
func TestNothingIsMadeFromACredentialAsItEnds(t *testing.T) {
	a := newAccess(t)
	ctx, j := t.Context(), a.town.ID
	for range 30 {
		var made [3]string
		var code string
		var all sync.WaitGroup
		all.Go(func() {
			if d, err := a.db.DeviceBySession(ctx, j, a.session, "", time.Now()); err == nil {
				made[0] = d.Token
			}
		})
		all.Go(func() {
			if d, err := a.db.Enrol(ctx, j, a.codes[0], "", time.Now()); err == nil {
				made[1] = d.Token
			}
		})
		all.Go(func() { code, _ = a.invite(ctx) })
		all.Go(func() { made[2], _ = a.db.AddSession(ctx, j, a.user, "old") })
		all.Go(func() {
			if err := a.db.SetPassword(ctx, j, a.login, "new"); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		for _, token := range made[:2] {
			if g, err := a.db.Grant(ctx, j, token, time.Now()); err == nil && !g.Revoked {
				t.Fatal("a device outlives what it was made from")
			}
		}
		if _, err := a.db.Enrol(ctx, j, code, "", time.Now()); err == nil {
			t.Fatal("a code outlives the session that it was made from")
		}
		if _, err := a.db.SessionUser(ctx, j, made[2]); err == nil {
			t.Fatal("somebody is signed in by a password that is not theirs any more")
		}
		err := a.db.SetPassword(ctx, j, a.login, "old")
		if err == nil {
			a.session, err = a.db.AddSession(ctx, j, a.user, "old")
		}
		if err == nil {
			a.codes[0], err = a.db.AddEnrolment(ctx, j, a.user, time.Now().Add(time.Hour))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A person's seal is the same on each of their devices, before and after they were
// signed out, and nobody else's, in no other town.
func TestASealIsThePersons(t *testing.T) {
	a := newAccess(t)
	if err := a.db.SetPassword(t.Context(), a.town.ID, a.login, "new"); err != nil {
		t.Fatal(err)
	}
	back, err := a.db.AddDevice(t.Context(), a.town.ID, a.user, "phone", time.Hour, time.Now())
	if err != nil || back.Seal != a.devices[0].Seal || len(back.Seal) != 43 {
		t.Errorf("%q after %q, %v", back.Seal, a.devices[0].Seal, err)
	}
	again, err := a.db.Refresh(t.Context(), a.town.ID, back.Refresh, time.Now())
	if err != nil || again.Seal != back.Seal {
		t.Errorf("renewed: %q, %v", again.Seal, err)
	}
	other, err := a.db.AddDevice(t.Context(), a.town.ID, civictest.Actor(a.town, "foreman").User, "", time.Hour, time.Now())
	if err != nil || other.Seal == back.Seal {
		t.Errorf("somebody else's is the same: %v", err)
	}
}
