package server_test

import (
	"net/http"
	"testing"

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
