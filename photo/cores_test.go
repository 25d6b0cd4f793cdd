package photo

import (
	"fmt"
	"testing"
)

func TestCoresAreReadOffTheList(t *testing.T) {
	for _, c := range []struct {
		list string
		n    int
		want string
	}{
		{"0-1", 2, "[0 1]"},
		{"0-63", 2, "[0 1]"},
		{"5", 2, "[5]"},
		{"1,3-4", 3, "[1 3 4]"},
		{"2,7", 1, "[2]"},
		{"", 2, "[]"},
		{"x", 2, "[]"},
		{"3-x,4", 2, "[4]"},
	} {
		if got := fmt.Sprint(parseCores(c.list, c.n)); got != c.want {
			t.Errorf("%q: %s, want %s", c.list, got, c.want)
		}
	}
	if cores := coresFor(3); len(cores) != 3 || cores[0] == "" {
		t.Errorf("cores of this machine: %q", cores)
	}
}
