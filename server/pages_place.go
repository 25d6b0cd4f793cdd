package server

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"segnavia/civic"
)

// likeEnough is the similarity from which a street is taken for the one meant.
const likeEnough = 0.6

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
	"borgo", "lungomare", "galleria", "ponte", "passo",
}

// besides are words after which a person says how to find the place.
var besides = []string{
	"davanti", "vicino", "angolo", "presso", "altezza", "all'altezza", "fronte", "dietro", "accanto", "sotto", "sopra",
	"in", "di fronte", "int", "interno",
}

var (
	// "v.roma" and "p.zza dante" are both written; so is "c.so" alone.
	glued  = regexp.MustCompile(`^(v|sal|vic|str|p\.?zza|c\.?so|v\.?le|l\.?go)\.(\pL{3,})`)
	number = regexp.MustCompile(`^(n|n\.|n°|nr|nr\.|civ\.|civico|numero|[0-9]+([/-]?[0-9]{0,3}\pL?)?[.,]?)$`)
)

// streetOf is the street of an address as people write it, with its
// abbreviations written out and without the house number, or "" when no street
// is named: "V.le Brigate Partigiane 12/A, davanti alla scuola" is
// "viale brigate partigiane".
func streetOf(address string) string {
	lower := strings.Join(strings.Fields(strings.ToLower(address)), " ")
	for part := range strings.SplitSeq(lower, ",") {
		words := strings.Fields(glued.ReplaceAllString(strings.TrimSpace(part), "$1. $2"))
		if street := streetIn(words); street != "" {
			return street
		}
	}
	return ""
}

// streetIn finds the street among the words of one part of an address.
func streetIn(words []string) string {
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
		if slices.Contains(besides, word) && i > 0 || number.MatchString(word) && !dated {
			words = words[:i]
			break
		}
		if !slices.Contains(streetKinds, word) {
			letters += len(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
		}
	}
	if letters < 3 {
		return "" // "via" alone is like every street
	}
	return strings.Join(words, " ")
}

// place finds where an address is. It returns false when no street of the town
// is like it: the office then finds the place.
func (s *Server) place(ctx context.Context, rq *request, address string) (civic.Street, bool, error) {
	street := streetOf(address)
	if street == "" {
		return civic.Street{}, false, nil
	}
	list, similar, err := s.Store.Streets(ctx, rq.j(), street, 1)
	if err != nil || len(list) == 0 || similar[0] < likeEnough {
		return civic.Street{}, false, err
	}
	return list[0], true, nil
}
