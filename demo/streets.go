package demo

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"segnavia/civic"
)

// WithStreets replaces the drawn streets of a town by those of a GeoJSON
// FeatureCollection of named LineStrings and MultiLineStrings; sea, coast,
// districts and the rest stay. Features without a name or a line are left out.
// A text that is no FeatureCollection, or holds no street, is an error and
// changes nothing.
func WithStreets(b *civic.Blueprint, geojson []byte) error {
	var collection struct {
		Features []struct {
			Properties struct{ Name string }
			Geometry   json.RawMessage
		}
	}
	if err := json.Unmarshal(geojson, &collection); err != nil {
		return fmt.Errorf("read streets: %w", err)
	}
	var streets []civic.Feature
	for _, f := range collection.Features {
		name := StreetName(f.Properties.Name)
		if name == "" || len(paths(f.Geometry)) == 0 {
			continue
		}
		streets = append(streets, civic.Feature{Kind: "street", Name: name, Class: classOf(name), Shape: f.Geometry})
	}
	if len(streets) == 0 {
		return fmt.Errorf("read streets: no named line in %d features", len(collection.Features))
	}
	kept := make([]civic.Feature, 0, len(b.Features)+len(streets))
	for _, f := range b.Features {
		if f.Kind != "street" {
			kept = append(kept, f)
		}
	}
	b.Features = append(kept, streets...)
	return nil
}

// principal are the streets of class 0 whose kind of name does not say so.
var principal = " XX Settembre | Antonio Cantore | Balbi | Cornigliano | Molassana | Struppa | Canevari |" +
	" Aldo Moro | Piacenza | Prà | Milano | Guido Rossa | Emilia | Adamoli | Siffredi | Roma | Lungobisagno Dalmazia |"

// classOf guesses how principal a street is by its name.
func classOf(name string) int {
	kind, rest, _ := strings.Cut(name, " ")
	if strings.Contains(principal, " "+rest+" |") || strings.Contains(principal, " "+name+" |") {
		return 0
	}
	switch kind {
	case "Corso", "Viale", "Lungomare", "Lungobisagno", "Lungotorrente", "Sopraelevata", "Autostrada":
		return 0
	case "Via", "Piazza", "Largo", "Piazzale", "Ponte", "Galleria":
		return 1
	}
	return 2
}

// small are the words that Italian street names write small.
var small = map[string]bool{
	"di": true, "del": true, "della": true, "dello": true, "dei": true, "degli": true, "delle": true, "da": true,
	"dal": true, "dalla": true, "a": true, "al": true, "alla": true, "allo": true, "ai": true, "agli": true,
	"alle": true, "e": true, "in": true, "su": true, "sul": true, "sulla": true, "la": true, "il": true, "con": true,
}

// StreetName writes a street's name as a sign does: registers keep them in
// capitals, with an apostrophe for the accent ("VIA DI PRE'"). A name that
// stands for none gives "".
func StreetName(name string) string {
	name = strings.ReplaceAll(name, "?", "")
	words := strings.Fields(name)
	if len(words) == 0 || strings.Contains(strings.ToUpper(name), "NON DENOMINATA") {
		return ""
	}
	if name != strings.ToUpper(name) {
		return strings.Join(words, " ")
	}
	for i, w := range words {
		words[i] = signWord(w, i == 0)
	}
	return strings.Join(words, " ")
}

var accented = strings.NewReplacer("a", "à", "e", "è", "i", "ì", "o", "ò", "u", "ù")

func signWord(word string, first bool) string {
	if roman(word) {
		return word
	}
	w := strings.ToLower(word)
	// "fra'" and "de'" are cut short, not accented.
	if cut, ok := strings.CutSuffix(w, "'"); ok && cut != "" && w != "fra'" && w != "de'" && w != "ca'" {
		last := cut[len(cut)-1:]
		w = cut[:len(cut)-1] + accented.Replace(last)
	}
	if small[w] && !first {
		return w
	}
	if before, after, ok := strings.Cut(w, "'"); ok && after != "" {
		if small[before+"a"] || small[before+"o"] || before == "d" || before == "dell" || before == "all" || before == "dall" {
			return before + "'" + capital(after)
		}
		return capital(before) + "'" + capital(after)
	}
	return capital(w)
}

func capital(w string) string {
	up := true
	return strings.Map(func(r rune) rune {
		if up {
			up = r == '('
			return unicode.ToUpper(r)
		}
		up = r == '-' || r == '.'
		return r
	}, w)
}

// roman reports whether a word is a Roman number of a date or of a king.
func roman(w string) bool {
	return len(w) > 1 && strings.Trim(w, "IVX") == ""
}
