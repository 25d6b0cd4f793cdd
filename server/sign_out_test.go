package server_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"segnavia/civic/civictest"
)

// Two people may be signed in in one browser, one at the desk and one in the crews' app:
// whoever signs out everywhere by their device leaves the other's session as it is.
func TestWhoSignsOutEverywhereSignsNobodyElseOut(t *testing.T) {
	f := newTowns(t, false)
	others := sessionOf(f, f.a, "operator")
	out := func(pairs ...string) head {
		res, _ := ofTown(t, f.http, http.MethodDelete, "a.test", "/api/v1/sessions", "", pairs...)
		return res
	}
	res := out("Authorization", "Bearer "+f.tokenOf("crew"), "Cookie", "session="+others)
	if res.StatusCode != http.StatusOK || len(res.cookies) != 0 {
		t.Errorf("%d, cookies %v", res.StatusCode, res.cookies)
	}
	if u, err := f.db.SessionUser(t.Context(), f.a.ID, others); err != nil || u.ID != civictest.Actor(f.a, "operator").User {
		t.Errorf("the other is %s, %v", u.Login, err)
	}
	// By the session it goes with it.
	res = out("Cookie", "session="+others)
	if res.StatusCode != http.StatusOK || len(res.cookies) != 1 || res.cookies[0].MaxAge >= 0 {
		t.Errorf("%d, cookies %v", res.StatusCode, res.cookies)
	}
}

// The map's changes go on to nobody whose session or device has ended.
func TestAStreamEndsWithWhatLetItsReaderIn(t *testing.T) {
	f := newTowns(t, false)
	for what, pair := range map[string][2]string{
		"a session": {"Cookie", "session=" + sessionOf(f, f.a, "operator")},
		"a device":  {"Authorization", "Bearer " + f.tokenOf("crew")},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.http.URL+"/tiles/events", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "a.test"
		req.Header.Set(pair[0], pair[1])
		res, err := f.http.Client().Do(req) //nolint:bodyclose // below
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v, %v", what, res, err)
		}
		defer res.Body.Close() //nolint:errcheck // only read
		who := map[string]string{"a session": "operator", "a device": "crew"}[what]
		user := civictest.Actor(f.a, who).User
		if _, err := f.db.SignOutEverywhere(t.Context(), f.a.ID, user, user); err != nil {
			t.Fatal(err)
		}
		over := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, res.Body)
			over <- err
		}()
		select {
		case <-over:
		case <-time.After(5 * time.Second):
			t.Errorf("%s has ended, and its stream has not", what)
		}
	}
}
