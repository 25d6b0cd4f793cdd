package civic

import (
	"strings"
	"unicode"
)

// StreetClass guesses how principal a street is by the kind that its name says:
// 0 (avenues), 1 (streets, squares) or 2 (the rest).
func StreetClass(name string) int {
	kind, _, _ := strings.Cut(name, " ")
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
	if name != strings.ToUpper(name) && !asRegister(words) {
		return strings.Join(words, " ")
	}
	words = strings.Fields(strings.ToUpper(name))
	for i, w := range words {
		words[i] = signWord(w, i == 0)
	}
	return strings.Join(words, " ")
}

// asRegister tells words that a register wrote with a capital each, and with an
// apostrophe for the accent: "Piazza Della Liberta'".
func asRegister(words []string) bool {
	for i, w := range words {
		if i > 0 && (small[strings.ToLower(w)] && w != strings.ToLower(w) || strings.HasSuffix(w, "a'") || strings.HasSuffix(w, "u'")) {
			return true
		}
	}
	return false
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
