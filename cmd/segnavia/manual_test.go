package main

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEverySettingIsInTheManual reads the settings off the command itself.
func TestEverySettingIsInTheManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&cli{}, kong.Vars{"version": "test"})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, command := range parser.Model.Children {
		for _, group := range command.AllFlags(false) {
			for _, flag := range group {
				for _, env := range flag.Envs {
					seen++
					if !strings.Contains(string(manual), "`"+env+"`") {
						t.Errorf("docs/operate.md does not know %s of %s", env, command.Name)
					}
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d settings found: the test looks in the wrong place", seen)
	}
}

// TestComposeNamesEachSettingOnce keeps a key from standing twice, which makes the
// whole file unreadable.
func TestComposeNamesEachSettingOnce(t *testing.T) {
	raw, err := os.ReadFile("../../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		key, _, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found || !strings.HasPrefix(key, "SEGNAVIA_") {
			continue
		}
		if seen[key] {
			t.Errorf("%s stands twice", key)
		}
		seen[key] = true
	}
	if len(seen) < 8 {
		t.Errorf("only %d settings found", len(seen))
	}
}
