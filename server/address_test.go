package server_test

import (
	"net/http"
	"testing"

	"segnavia/server"
)

// TestAClientDoesNotChooseItsAddress says what counts as an address: of what is
// forwarded only the last, which our own proxy saw, in however many lines.
func TestAClientDoesNotChooseItsAddress(t *testing.T) {
	for _, x := range []struct {
		trust     bool
		remote    string
		forwarded []string
		want      string
	}{
		{false, "192.0.2.1:1", []string{"203.0.113.9"}, "192.0.2.1"},
		{true, "127.0.0.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{true, "127.0.0.1:1", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		{true, "127.0.0.1:1", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{true, "127.0.0.1:1", nil, "127.0.0.1"},
		{false, "[2001:db8:1:2:3::4]:1", nil, "2001:db8:1:2::/64"},
		{false, "[::ffff:192.0.2.1]:1", nil, "192.0.2.1"},
	} {
		r := &http.Request{RemoteAddr: x.remote, Header: http.Header{"X-Forwarded-For": x.forwarded}}
		if got := server.AddressOf(x.trust, r); got != x.want {
			t.Errorf("%s forwarded for %v: %s, want %s", x.remote, x.forwarded, got, x.want)
		}
	}
}
