package main

import (
	"fmt"
	"testing"

	"github.com/alecthomas/kong"
)

// TestProxiesAreNamed reads addresses and networks; a bare yes, which would believe
// everybody, is refused.
func TestProxiesAreNamed(t *testing.T) {
	for _, x := range []struct{ said, want string }{
		{"127.0.0.1", "[127.0.0.1/32]"},
		{"10.0.0.9/24, ::1", "[10.0.0.0/24 ::1/128]"},
		{"", "[]"},
		{"true", ""},
		{"proxy", ""},
		{"10.0.0.0/99", ""},
	} {
		list, err := parseNetworks(x.said)
		if got := fmt.Sprint(list); err == nil && got != x.want || (err != nil) != (x.want == "") {
			t.Errorf("%q: %s, %v", x.said, got, err)
		}
	}
}

// TestProxiesAreAFlagAndAVariable reads them as the command does.
func TestProxiesAreAFlagAndAVariable(t *testing.T) {
	t.Setenv("SEGNAVIA_TRUST_PROXY", "10.1.2.3, 10.2.0.0/16")
	var c struct{ listening }
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil || fmt.Sprint(c.TrustProxy) != "[10.1.2.3/32 10.2.0.0/16]" {
		t.Errorf("the variable: %v, %v", c.TrustProxy, err)
	}
	if _, err := parser.Parse([]string{"--trust-proxy=yes"}); err == nil {
		t.Error("a bare yes is taken")
	}
}
