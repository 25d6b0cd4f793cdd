package civic

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Address is what an address says, as people write it: the street in lower case
// with its abbreviations written out, the house number (0 for none) with what
// stands behind it ("A", "BIS", "R"), and the rest, which may name the quarter.
type Address struct {
	Street string
	Number int
	Suffix string
	Rest   string
}

// MaxNumber is the highest house number that is taken for one.
const MaxNumber = 9999

// abbreviations are how Italian addresses shorten the kind of a street, without
// their dots.
var abbreviations = map[string]string{
	"v": "via", "pzza": "piazza", "pza": "piazza", "pz": "piazza", "ple": "piazzale", "ptta": "piazzetta",
	"cso": "corso", "vle": "viale", "lgo": "largo", "sal": "salita", "vic": "vicolo", "vlo": "vicolo", "vco": "vico",
	"str": "strada", "bgo": "borgo", "lmare": "lungomare",
}

// streetKinds begin the name of a street and name none by themselves.
var streetKinds = []string{
	"via", "piazza", "piazzale", "piazzetta", "corso", "viale", "largo", "salita", "vicolo", "vico", "strada",
	"borgo", "lungomare", "galleria", "ponte", "passo", "spalto",
}

// isStreetKind reports whether a word of an address begins the name of a street,
// written out or short.
func isStreetKind(word string) bool {
	word = strings.ToLower(word)
	_, short := abbreviations[strings.ReplaceAll(word, ".", "")]
	return slices.Contains(streetKinds, word) || short && strings.Contains(word, ".")
}

// IsAside reports whether a rest of an address only says where exactly: at a
// corner, in front of something, behind a staircase.
func IsAside(rest string) bool {
	for part := range strings.SplitSeq(rest, ",") {
		first, _, _ := strings.Cut(strings.TrimSpace(part), " ")
		first = strings.Trim(first, ".")
		if first != "" && !slices.Contains(besides, first) && !slices.Contains(within, first) {
			return false
		}
	}
	return true
}

// within are words of a place inside or around a house.
var within = []string{
	"al", "alla", "allo", "all", "scala", "scale", "piano", "cortile", "lato", "civico", "citofono", "zona", "quartiere", "fermata", "incrocio", "di", "c/o",
}

// besides are words after which a person says how to find the place.
var besides = []string{
	"davanti", "vicino", "angolo", "presso", "altezza", "all'altezza", "fronte", "dietro", "accanto", "sotto", "sopra",
	"in", "di fronte", "int", "interno",
}

var (
	// "v.roma" and "p.zza dante" are both written; so is "c.so" alone.
	glued = regexp.MustCompile(`^(v|sal|vic|str|p\.?zza|c\.?so|v\.?le|l\.?go)\.(\pL{3,})`)
	// "n. 12", "civico 12/A", "12bis", "4 rosso".
	// "vicino al 12" is how a place is read back.
	numberWord = regexp.MustCompile(`^(n|n\.|n°|nr|nr\.|civ\.|civico|numero|vicino|al|near|number)$`)
	doorWord   = regexp.MustCompile(`^(?:n\.?|n°)?([0-9]{1,4})(?:[/-]?([0-9]{1,3}\pL?|\pL{1,3}))?[.,]?$`)
)

// ParseAddress reads an address. Without a street that is named it gives a
// Street of "": "Via" and "12" alone are like every street.
//
// "V.le Brigate Partigiane 12/A, davanti alla scuola" is the street "viale
// brigate partigiane", number 12, suffix "A".
func ParseAddress(address string) Address {
	lower := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(address, "’", "'"))), " ")
	var a Address
	var rest []string
	for part := range strings.SplitSeq(lower, ",") {
		part = strings.TrimSpace(part)
		words := strings.Fields(glued.ReplaceAllString(part, "$1. $2"))
		if a.Street == "" {
			if street, behind := streetIn(words); street != "" {
				a.Street = street
				a.number(behind)
				continue
			}
		}
		if a.Number == 0 && a.number(words) {
			continue
		}
		rest = append(rest, part)
	}
	a.Rest = strings.Join(rest, ", ")
	return a
}

// number reads a house number from the first of the words that follow a street.
func (a *Address) number(words []string) bool {
	for len(words) > 0 && numberWord.MatchString(words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	parts := doorWord.FindStringSubmatch(words[0])
	if parts == nil {
		return false
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n == 0 {
		return false
	}
	a.Number, a.Suffix = n, strings.ToUpper(parts[2])
	if a.Suffix == "" && len(words) > 1 {
		switch words[1] {
		case "bis", "ter":
			a.Suffix = strings.ToUpper(words[1])
		case "rosso", "r":
			a.Suffix = "R"
		}
	}
	return true
}

// streetIn finds the street among the words of one part of an address, and the
// words behind it.
func streetIn(words []string) (street string, behind []string) {
	for i, word := range words {
		if whole, short := abbreviations[strings.ReplaceAll(word, ".", "")]; short && (strings.Contains(word, ".") || i == 0) {
			words[i] = whole
		}
	}
	if i := slices.IndexFunc(words, func(w string) bool { return slices.Contains(streetKinds, w) }); i > 0 {
		words = words[i:] // "scuola di via Balbi"
	}
	letters := 0
	for i, word := range words {
		// A number right after the kind is a date: "via 20 settembre".
		dated := i == 1 && len(words) > 2 && slices.Contains(streetKinds, words[0])
		numbered := (numberWord.MatchString(word) && word != "al" || doorWord.MatchString(word)) && !dated
		if slices.Contains(besides, word) && i > 0 || numbered {
			words, behind = words[:i], words[i:]
			break
		}
		if i > 0 || !slices.Contains(streetKinds, word) {
			letters += len(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
		}
	}
	if letters < 3 {
		return "", nil
	}
	return strings.Join(words, " "), behind
}
