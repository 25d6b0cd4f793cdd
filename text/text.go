// Package text is every sentence that a person reads, by language.
//
// Sentences live in LANG/FILE.json, flat, under keys that start with the file's
// name ("error.forbidden" in error.json). A value is a sentence with {names} to
// fill, or an object with the plural forms "one" and "other" chosen by {n}. The
// same files are imported by the browser's TypeScript, whose compiler then
// knows every key. The package never reads a request and never writes HTML.
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

//go:embed it/*.json en/*.json
var files embed.FS

// Lang is a language that the catalogue speaks.
type Lang string

// The languages. Italian is what a request without a preference gets.
const (
	Italian Lang = "it"
	English Lang = "en"
)

// Langs lists the languages, the default first.
var Langs = []Lang{Italian, English}

// Args fill the {names} of a sentence. "n" chooses the plural form.
type Args map[string]any

// Catalogue holds the sentences of all languages. It is read-only.
type Catalogue struct {
	sentences map[Lang]map[string]forms
}

type forms struct{ one, other string }

// UnmarshalJSON reads a sentence, or its plural forms.
func (f *forms) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &f.other)
	}
	var both struct{ One, Other string }
	if err := json.Unmarshal(b, &both); err != nil {
		return err
	}
	f.one, f.other = both.One, both.Other
	return nil
}

// Load reads the embedded catalogue. An error is a mistake in the files.
func Load() (*Catalogue, error) {
	c := &Catalogue{sentences: make(map[Lang]map[string]forms, len(Langs))}
	for _, lang := range Langs {
		names, err := fs.Glob(files, string(lang)+"/*.json")
		if err != nil {
			return nil, err
		}
		all := make(map[string]forms)
		for _, name := range names {
			raw, err := files.ReadFile(name)
			if err != nil {
				return nil, err
			}
			var part map[string]forms
			if err := json.Unmarshal(raw, &part); err != nil {
				return nil, fmt.Errorf("catalogue %s: %w", name, err)
			}
			prefix := strings.TrimSuffix(path.Base(name), ".json") + "."
			for key, sentence := range part {
				if !strings.HasPrefix(key, prefix) {
					return nil, fmt.Errorf("catalogue %s: key %s does not start with %s", name, key, prefix)
				}
				all[key] = sentence
			}
		}
		c.sentences[lang] = all
	}
	return c, nil
}

// T is the sentence of a key in a language, filled. A key that a language lacks
// is looked up in the default one; a key that nobody has comes back as itself,
// so that the mistake is seen.
func (c *Catalogue) T(lang Lang, key string, args Args) string {
	f, ok := c.sentences[lang][key]
	if !ok {
		if f, ok = c.sentences[Italian][key]; !ok {
			return key
		}
	}
	s := f.other
	if n, counted := args["n"]; counted && f.one != "" && fmt.Sprint(n) == "1" {
		s = f.one
	}
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Has reports whether a language has a key.
func (c *Catalogue) Has(lang Lang, key string) bool {
	_, ok := c.sentences[lang][key]
	return ok
}

// ErrorKey is the key of what a person is told for the code of an error: one of the
// rules or of the photo pipeline, which apps foresee or keep ("error."), or one that
// only a door answers ("door."). A code without a sentence is a request that was not
// understood.
func (c *Catalogue) ErrorKey(lang Lang, code string) string {
	for _, key := range []string{"error." + code, "door." + code} {
		if c.Has(lang, key) {
			return key
		}
	}
	return "door.bad_request"
}

// Keys lists the keys of a language, sorted.
func (c *Catalogue) Keys(lang Lang) []string {
	keys := make([]string, 0, len(c.sentences[lang]))
	for k := range c.sentences[lang] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Choose picks a language: the one asked for, else the first acceptable one of
// an Accept-Language header, else the default.
func Choose(asked, accept string) Lang {
	for _, wish := range append([]string{asked}, strings.Split(accept, ",")...) {
		tag, _, _ := strings.Cut(strings.TrimSpace(wish), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, lang := range Langs {
			if base == string(lang) {
				return lang
			}
		}
	}
	return Italian
}
