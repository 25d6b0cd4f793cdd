package server_test

import (
	"net/http"
	"net/netip"
	"testing"

	"segnavia/server"
)

// TestAClientDoesNotChooseItsAddress says what counts as an address: of what is
// forwarded only what our own proxies saw, in however many lines.
func TestAClientDoesNotChooseItsAddress(t *testing.T) {
	none := []netip.Prefix(nil)
	ours := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/24")}
	for _, x := range []struct {
		proxies   []netip.Prefix
		remote    string
		forwarded []string
		want      string
	}{
		{none, "192.0.2.1:1", []string{"203.0.113.9"}, "192.0.2.1"},
		{ours, "127.0.0.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{ours, "127.0.0.1:1", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		{ours, "127.0.0.1:1", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{ours, "127.0.0.1:1", nil, "127.0.0.1"},
		{ours, "192.0.2.1:1", []string{"203.0.113.9"}, "192.0.2.1"},
		{ours, "[::ffff:127.0.0.1]:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{ours, "127.0.0.1:1", []string{"198.51.100.1, 203.0.113.9, 10.0.0.7"}, "203.0.113.9"},
		{ours, "127.0.0.1:1", []string{"203.0.113.9, unknown"}, "127.0.0.1"},
		{ours, "127.0.0.1:1", []string{"2001:db8:1:2:3::4"}, "2001:db8:1:2::/64"},
		{none, "[2001:db8:1:2:3::4]:1", nil, "2001:db8:1:2::/64"},
		{none, "[::ffff:192.0.2.1]:1", nil, "192.0.2.1"},
	} {
		r := &http.Request{RemoteAddr: x.remote, Header: http.Header{"X-Forwarded-For": x.forwarded}}
		if got := server.AddressOf(x.proxies, r); got != x.want {
			t.Errorf("%s forwarded for %v: %s, want %s", x.remote, x.forwarded, got, x.want)
		}
	}
}
