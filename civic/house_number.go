package civic

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// HouseNumber is what stands on a door: a number with what stands behind it; the
// red series of Genova and Florence; a flat; or instead of a number the kilometre
// of a road, or that the door has none. The zero HouseNumber says nothing.
type HouseNumber struct {
	Number int    `json:"number,omitempty"` // 0 for none
	Suffix string `json:"suffix,omitempty"` // "A", "BIS", "2/4"
	// Red numbers are a series of their own: shops have them.
	Red   bool   `json:"red,omitempty"`
	Inner string `json:"inner,omitempty"` // of "int. 3"
	// Metres from the beginning of a road, for "km 1,750".
	Metres int `json:"metres,omitempty"`
	// Unnumbered is "snc": senza numero civico.
	Unnumbered bool `json:"unnumbered,omitempty"`
}

// The highest house number that is taken for one: of an address, whose longer
// numbers are postcodes, and of a register.
const (
	MaxNumber         = 9999
	MaxRegisterNumber = 99_999
)

// numberWords say that a house number comes.
const numberWords = `(?:n\.°|n°|nr\.?|n\.?|num\.?|numero|civ\.?|civico|numero civico|number)`

var (
	// "n. 12", "civico 12/A".
	numberPrefix = regexp.MustCompile(`^(?:` + numberWords + `\s*)+([0-9sk].*)$`)
	numberWord   = regexp.MustCompile(`^` + numberWords + `$`)
	unnumbered   = regexp.MustCompile(`^(?:s\.?\s?n\.?\s?c\.?|s\.?\s?n\.?|s/n|senza\s+(?:numero|n\.?)(?:\s+civico)?)(?:$|([\s,;(].*))`)
	kilometre    = regexp.MustCompile(`^(?:km\.?|chilometro|progressiva(?:\s+km\.?)?)\s*([0-9]{1,4})(?:\s?[.,+]\s?([0-9]{1,3}))?(?:$|([\s,;(].*))`)
	digits       = regexp.MustCompile(`^[0-9]{1,6}`)
	// What may stand behind the digits, tried in order.
	slashed  = regexp.MustCompile(`^\s?[/\\–-]\s?([0-9]{1,3}[a-z]?|[a-z]{1,6})($|[^a-z0-9].*)`)
	attached = regexp.MustCompile(`^\s?(bis|ter|quater|quinquies)($|[^a-z0-9].*)`)
	letter   = regexp.MustCompile(`^([a-z]{1,2})($|[^a-z0-9].*)`)
	alone    = regexp.MustCompile(`^\s([a-z])((?:\s+(?:rosso|rossa|nero|nera|r\.?))?\s*(?:$|[,;(].*))`)
	coloured = regexp.MustCompile(`^(\s?/?\s?)(rosso|rossa|red|nero|nera|r\.?)($|[^a-z0-9].*)`)
	inside   = regexp.MustCompile(`^[\s,/-]*(?:int\.?|interno)\s*([0-9]{1,4}\s?/?[a-z]?|[a-z])($|[^a-z0-9].*)`)
)

// ParseHouseNumber reads a house number as signs, registers and people write it, in
// whatever capitals: "12", "12/A rosso", "8/B r", "17/2/4", "16 int. 3", "snc",
// "s.n.", "km 1,750". rest is what stands behind it. most is the highest number that
// is taken for one. ok is false where the text does not begin with a house number.
func ParseHouseNumber(s string, most int) (h HouseNumber, rest string, ok bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if parts := numberPrefix.FindStringSubmatch(s); parts != nil {
		s = parts[1]
	}
	if parts := unnumbered.FindStringSubmatch(s); parts != nil {
		return HouseNumber{Unnumbered: true}, parts[1], true
	}
	if parts := kilometre.FindStringSubmatch(s); parts != nil {
		km, _ := strconv.Atoi(parts[1])
		metres, _ := strconv.Atoi((parts[2] + "000")[:3])
		return HouseNumber{Metres: 1000*km + metres}, parts[3], 1000*km+metres > 0
	}
	number := digits.FindString(s)
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > most {
		return h, s, false
	}
	h.Number = n
	rest = h.behind(s[len(number):])
	if isOrdinal(rest) {
		return HouseNumber{}, s, false
	}
	// "12dopo" and "12345678" are no numbers.
	if rest != "" && (rest[0] >= 'a' && rest[0] <= 'z' || rest[0] >= '0' && rest[0] <= '9') {
		return HouseNumber{}, s, false
	}
	return h, rest, true
}

// isOrdinal reports whether what stands behind digits makes them one: "1° maggio",
// "3ª traversa".
func isOrdinal(behind string) bool {
	return strings.HasPrefix(behind, "°") || strings.HasPrefix(behind, "º") || strings.HasPrefix(behind, "ª")
}

// beginsHouseNumber reports whether words of an address are a house number from the
// first on, or stand where one stands and cannot be read as one: "civico dodici",
// "12a3". The name of a street ends before either.
func beginsHouseNumber(words []string) bool {
	if _, _, ok := ParseHouseNumber(strings.Join(words, " "), MaxNumber); ok {
		return true
	}
	first := strings.ToLower(words[0])
	number := digits.FindString(first)
	return numberWord.MatchString(first) || number != "" && !isOrdinal(first[len(number):])
}

// behind reads what stands behind the digits as far as it belongs to the number.
func (h *HouseNumber) behind(s string) (rest string) {
	var suffix []string
	if parts := letter.FindStringSubmatch(s); parts != nil {
		if parts[1] == "r" {
			h.Red = true
		} else {
			suffix = append(suffix, parts[1])
		}
		s = parts[2]
	}
	for {
		// "12/r" may be a letter of a long row; "12 r" and "12/rosso" may not.
		if parts := coloured.FindStringSubmatch(s); parts != nil && (len(parts[2]) > 2 || !strings.Contains(parts[1], "/")) {
			h.Red = h.Red || strings.HasPrefix(parts[2], "r")
			s = parts[3]
			continue
		}
		parts := attached.FindStringSubmatch(s)
		if parts == nil {
			parts = slashed.FindStringSubmatch(s)
		}
		if parts == nil {
			parts = alone.FindStringSubmatch(s)
		}
		// Three steps are a house, a staircase and a flat.
		if parts == nil || len(suffix) == 3 || strings.HasPrefix(parts[1], "int") {
			break
		}
		suffix, s = append(suffix, parts[1]), parts[2]
	}
	h.Suffix = strings.ToUpper(strings.Join(suffix, "/"))
	if parts := inside.FindStringSubmatch(s); parts != nil {
		h.Inner, s = strings.ToUpper(strings.ReplaceAll(parts[1], " ", "")), parts[2]
	}
	return s
}

// Is reports whether a door is the one asked for: the number, its colour and, where
// they are asked for, what stands behind it and the flat. Registers that know no
// colours write a red number as the letter R.
func (h HouseNumber) Is(asked HouseNumber) bool {
	red, suffix := h.colour()
	askedRed, askedSuffix := asked.colour()
	return h.Number == asked.Number && h.Metres == asked.Metres && h.Unnumbered == asked.Unnumbered && red == askedRed &&
		(askedSuffix == "" || askedSuffix == suffix)
}

// colour tells a red number however it was written.
func (h HouseNumber) colour() (red bool, suffix string) {
	if h.Suffix == "R" {
		return true, ""
	}
	return h.Red, h.Suffix
}

// String is the house number as it is written: "12/A rosso", "16 int. 3", "snc",
// "km 1,750", or "".
func (h HouseNumber) String() string {
	switch {
	case h.Unnumbered:
		return "snc"
	case h.Metres > 0 && h.Metres%1000 == 0:
		return fmt.Sprintf("km %d", h.Metres/1000)
	case h.Metres > 0:
		return fmt.Sprintf("km %d,%03d", h.Metres/1000, h.Metres%1000)
	case h.Number == 0:
		return ""
	}
	s := strconv.Itoa(h.Number)
	if h.Suffix != "" {
		s += "/" + h.Suffix
	}
	if h.Red {
		s += " rosso"
	}
	if h.Inner != "" {
		s += " int. " + h.Inner
	}
	return s
}
