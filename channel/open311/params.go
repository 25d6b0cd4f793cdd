package open311

import (
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"segnavia/civic"
)

// Bounds of a call.
const (
	// MaxBody bounds a whole call, pictures and all.
	MaxBody   = 64 << 20
	maxForm   = 1 << 20  // a body without pictures, and all fields beside pictures
	maxField  = 64 << 10 // a description of 4,000 characters, and room
	maxFields = 500
	maxFile   = 15_000_000 // as every door
)

// params are the parameters of a call, from its query and its body together. An
// empty parameter is an absent one (GeoReport v2, optional arguments).
type params struct {
	values url.Values
	files  []string // pictures of a multipart body, in files of their own
}

// get is the first value of a parameter, or "".
func (p *params) get(name string) string {
	if list := p.values[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// all are the values of a parameter, those of a comma list apart.
func (p *params) all(name string) []string {
	var all []string
	for _, v := range p.values[name] {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); one != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// only refuses a list's parameters that it does not know, by their name, and those
// that stand twice where they count once: a filter with a slip in it would answer
// more than was asked for. Browsers add names with a low line to get past caches.
func (p *params) only(once, many []string) (list faults) {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		switch {
		case strings.HasPrefix(name, "_"), slices.Contains(many, name), slices.Contains(always, name):
		case !slices.Contains(once, name):
			list = append(list, bad("open311.error.parameter", "field", name))
		case len(p.values[name]) > 1:
			list = append(list, bad("open311.error.twice", "field", name))
		}
	}
	return list
}

// always are what every call may bring.
var always = []string{"jurisdiction_id", "api_key", "lang"}

// remove throws the pictures away.
func (p *params) remove() {
	for _, name := range p.files {
		_ = os.Remove(name) // a temporary file
	}
}

// attributes reads attribute[CODE]=v, attribute[CODE][]=v and repetitions.
func (p *params) attributes() map[string][]string {
	found := make(map[string][]string)
	for name, values := range p.values {
		code, ok := attributeOf(name)
		if !ok {
			continue
		}
		found[code] = append(found[code], values...)
	}
	return found
}

// attributeOf is the code between the brackets of a parameter's name. What stands
// behind may be empty or numbered brackets, as some languages write lists.
func attributeOf(name string) (code string, ok bool) {
	rest, ok := strings.CutPrefix(name, "attribute[")
	if !ok {
		return "", false
	}
	code, rest, ok = strings.Cut(rest, "]")
	if !ok || code == "" {
		return "", false
	}
	if rest != "" {
		inner, open := strings.CutPrefix(rest, "[")
		inner, shut := strings.CutSuffix(inner, "]")
		if !open || !shut || strings.Trim(inner, "0123456789") != "" {
			return "", false
		}
	}
	return code, true
}

// take adds values, blank ones left out. It fails on text that is not UTF-8, and
// on more fields than anybody fills.
func (p *params) take(name string, values ...string) error {
	for _, v := range values {
		if !utf8.ValidString(name) {
			return bad("open311.error.utf8")
		}
		if v = strings.TrimSpace(civic.Clean(v)); v == "" {
			continue
		}
		if len(p.values) >= maxFields || len(p.values[name]) >= maxFields {
			return bad("open311.error.body")
		}
		p.values[name] = append(p.values[name], v)
	}
	return nil
}

func (p *params) takeAll(values url.Values) error {
	for name, list := range values {
		if err := p.take(name, list...); err != nil {
			return err
		}
	}
	return nil
}
