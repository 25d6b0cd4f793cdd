package server_test

import (
	"strings"
	"testing"
)

// TestStaffAppsDemandTrustedTypes looks at what a browser is told of the staff
// apps, wherever in them it starts: no script but the one policy's makes markup
// or names a worker.
func TestStaffAppsDemandTrustedTypes(t *testing.T) {
	p := newPages(t)
	for _, path := range []string{"/crew", "/crew/job/1", "/desk", "/desk/case/1"} {
		policy := p.get(path).header.Get("Content-Security-Policy")
		for _, part := range []string{
			"require-trusted-types-for 'script'", "trusted-types default", "script-src 'self'", "worker-src 'self'",
			"img-src 'self' data: blob:",
		} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: no %s in %q", path, part, policy)
			}
		}
	}
	if policy := p.get("/").header.Get("Content-Security-Policy"); strings.Contains(policy, "trusted-types") {
		t.Errorf("a citizen's page, which has no policy of its own, demands one: %q", policy)
	}
}
