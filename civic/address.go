package civic

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Address is what an address says, as people write it: the street in lower case
// with its abbreviations written out, the house number, and the rest, which may name
// the quarter.
type Address struct {
	Street string
	HouseNumber
	// Near says that the number only tells where: "davanti al 5".
	Near bool
	Rest string
	// Text is the whole of it, in lower case, for streets whose names hold what
	// looks like a number or a comma: see Candidates.
	Text string
}

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
	"in", "di fronte", "int", "interno", "near",
}

var (
	// "v.roma" and "p.zza dante" are both written; so is "c.so" alone.
	glued = regexp.MustCompile(`^(v|sal|vic|str|p\.?zza|c\.?so|v\.?le|l\.?go)\.(\pL{3,})`)
	// A comma within a kilometre parts nothing, and blanks within "s. n. c." neither.
	kilometreComma = regexp.MustCompile(`(?i)(\bkm\.?\s?[0-9]{1,4}),\s?([0-9]{1,3})\b`)
	unnumberedWord = regexp.MustCompile(`(^|[\s,])(?:s\.\s?n\.?(?:\s?c\.?)?|s\.?n\.?c\.?|s/n|sn|senza numero(?: civico)?)($|[\s,])`)
	// "davanti al 5", "all'altezza del civico 12", "vicino al n. 7".
	nearNumber = regexp.MustCompile(`^(?:(?:davanti|di fronte|fronte|vicino|accanto|dietro|presso|all'altezza|altezza|near)\s+)(?:(?:al|a|del|dal|il|the)\s+)?(.*)$`)
)

// ParseAddress reads an address. Without a street that is named it gives a
// Street of "": "Via" and "12" alone are like every street.
//
// "V.le Brigate Partigiane 12/A, davanti alla scuola" is the street "viale
// brigate partigiane", number 12, suffix "A".
func ParseAddress(address string) Address {
	lower := strings.ToLower(strings.NewReplacer("’", "'", "?", " ").Replace(address))
	lower = kilometreComma.ReplaceAllString(strings.Join(strings.Fields(lower), " "), "$1.$2")
	a := Address{Text: lower}
	lower = strings.ReplaceAll(unnumberedWord.ReplaceAllString(lower, "${1}snc$2"), " di fronte", " fronte")
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
		if a.HouseNumber == (HouseNumber{}) && a.number(words) || a.inner(part) {
			continue
		}
		rest = append(rest, part)
	}
	a.Rest = strings.Join(rest, ", ")
	return a
}

// number reads a house number from the words that follow a street.
func (a *Address) number(words []string) bool {
	text := strings.Join(words, " ")
	near := nearNumber.FindStringSubmatch(text)
	if near != nil {
		text = near[1]
	}
	h, _, ok := ParseHouseNumber(strings.TrimPrefix(text, "al "), MaxNumber)
	if ok {
		a.HouseNumber, a.Near = h, near != nil
	}
	return ok
}

// inner reads a flat that stands behind a comma: "int. 3".
func (a *Address) inner(part string) bool {
	parts := inside.FindStringSubmatch(part)
	if a.Number == 0 || a.Inner != "" || parts == nil {
		return false
	}
	a.Inner = strings.ToUpper(strings.ReplaceAll(parts[1], " ", ""))
	return true
}

// Candidates reads an address once for each name that a street of it may have: every
// beginning of it behind which nothing stands, or a house number, or where exactly
// it is. The longest comes last. A gazetteer knows which of them is a street.
func (a Address) Candidates() (names []string, read []Address) {
	for _, text := range []string{a.Text, expanded(a.Text)} {
		for _, end := range wordEnds(text) {
			if len(names) == maxCandidates {
				return names, read
			}
			if one, ok := behind(text[:end], strings.TrimLeft(text[end:], "') ")); ok {
				names, read = append(names, text[:end]), append(read, one)
			}
		}
	}
	return names, read
}

// maxCandidates bounds the beginnings of an address: no street's name has as many
// words.
const maxCandidates = 40

// expanded is a text whose first word is written out.
func expanded(text string) string {
	text = glued.ReplaceAllString(text, "$1. $2")
	first, rest, _ := strings.Cut(text, " ")
	if whole, short := abbreviations[strings.ReplaceAll(first, ".", "")]; short {
		return whole + " " + rest
	}
	return text
}

// wordEnds is where the words of a text end, from the second word on: a kind of
// street alone is none.
func wordEnds(text string) (ends []int) {
	word := false
	words := 0
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsDigit(r)
		if word && !in {
			if words++; words > 1 {
				ends = append(ends, i)
			}
		}
		word = in
	}
	if word {
		ends = append(ends, len(text))
	}
	return ends
}

// behind reads what stands behind the name of a street.
func behind(street, rest string) (a Address, ok bool) {
	a = Address{Street: street, Text: street}
	rest = strings.ReplaceAll(unnumberedWord.ReplaceAllString(" "+rest, "${1}snc$2"), " di fronte", " fronte")
	parts := strings.Split(rest, ",")
	first := strings.TrimSpace(parts[0])
	switch {
	case a.number(strings.Fields(first)):
	case first != "" && !strings.HasPrefix(first, "(") && !IsAside(first):
		return a, false
	}
	var left []string
	for _, part := range parts[1:] {
		part = strings.TrimSpace(part)
		if a.HouseNumber == (HouseNumber{}) && a.number(strings.Fields(part)) || a.inner(part) {
			continue
		}
		left = append(left, part)
	}
	a.Rest = strings.Join(left, ", ")
	return a, true
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
		if slices.Contains(besides, word) && i > 0 || endsStreet(words, i) {
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

// endsStreet reports whether the name of a street has ended before a word. A number
// right after the kind is a date ("via 20 settembre"), unless it is none of a house:
// "strada km 3".
func endsStreet(words []string, i int) bool {
	if dated := i == 1 && len(words) > 2 && isStreetKind(words[0]); dated {
		h, _, ok := ParseHouseNumber(strings.Join(words[i:], " "), MaxNumber)
		return ok && h.Number == 0
	}
	return beginsHouseNumber(words[i:])
}
