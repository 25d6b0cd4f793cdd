package server_test

import (
	"net/http"
	"testing"

	"segnavia/server"
)

// TestFiguresWantAToken asks as anybody, from the machine itself and as a proxy on
// it would: only the token opens them, and without one there are none.
func TestFiguresWantAToken(t *testing.T) {
	f := newTowns(t, false)
	get := func(base, token string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "a.test"
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // only the status is wanted
		return res.StatusCode
	}
	for token, want := range map[string]int{"": 401, "Bearer ": 401, "Bearer figure": 401, "Bearer figures": 200} {
		if got := get(f.http.URL, token); got != want {
			t.Errorf("%q: %d, want %d", token, got, want)
		}
	}
	without := f.again(func(o *server.Options) { o.MetricsToken = "" })
	if got := get(without.URL, "Bearer "); got == http.StatusOK {
		t.Error("without a token they are anybody's")
	}
}
