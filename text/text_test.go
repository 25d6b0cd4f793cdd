package text

import (
	"maps"
	"regexp"
	"slices"
	"testing"
)

func TestEveryLanguageHasEverySentenceWithTheSameNames(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\{[a-z_]+\}`)
	want := c.sentences[Italian]
	for _, lang := range Langs {
		got := c.sentences[lang]
		for _, key := range slices.Sorted(maps.Keys(want)) {
			f, ok := got[key]
			if !ok {
				t.Errorf("%s lacks %s", lang, key)
				continue
			}
			a, b := names.FindAllString(want[key].other, -1), names.FindAllString(f.other, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
				t.Errorf("%s: %s fills %v, Italian %v", lang, key, b, a)
			}
			if (want[key].one == "") != (f.one == "") {
				t.Errorf("%s: %s is counted in one language only", lang, key)
			}
		}
		for key := range got {
			if _, ok := want[key]; !ok {
				t.Errorf("Italian lacks %s", key)
			}
		}
	}
}

func TestPluralsAndFillings(t *testing.T) {
	c := &Catalogue{sentences: map[Lang]map[string]forms{Italian: {
		"x.n": {one: "{n} cosa a {who}", other: "{n} cose a {who}"},
	}}}
	for n, want := range map[int]string{0: "0 cose a te", 1: "1 cosa a te", 2: "2 cose a te"} {
		if got := c.T(English, "x.n", Args{"n": n, "who": "te"}); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := c.T(Italian, "x.missing", nil); got != "x.missing" {
		t.Errorf("a missing key reads %q", got)
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		asked, accept string
		want          Lang
	}{
		{"", "", Italian},
		{"en", "it", English},
		{"", "de-DE,en-GB;q=0.8", English},
		{"", "de", Italian},
		{"xx", "it-IT", Italian},
	} {
		if got := Choose(c.asked, c.accept); got != c.want {
			t.Errorf("Choose(%q, %q) = %s", c.asked, c.accept, got)
		}
	}
}
