package civic

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The personal data that words may hold, as Personal names them.
const (
	PersonalPhone      = "phone"
	PersonalEmail      = "email"
	PersonalFiscalCode = "fiscal_code"
	PersonalIBAN       = "iban"
	PersonalPlate      = "plate"
	PersonalName       = "name"
)

// personalKinds find each kind of data in words, in the order in which they are
// told.
var personalKinds = []struct {
	kind string
	in   func(string) bool
}{
	{PersonalPhone, hasPhone},
	{PersonalEmail, hasEmail},
	{PersonalFiscalCode, hasFiscalCode},
	{PersonalIBAN, hasIBAN},
	{PersonalPlate, plate.MatchString},
	{PersonalName, hasName},
}

// Personal names the kinds of personal data that somebody's words seem to hold:
// such words are looked at by a person before anybody may read them. Dates,
// times, doors, numbers of lamps and codes of reports are none.
func Personal(words ...string) []string {
	said := seenThrough(strings.Join(words, "\n"))
	var found []string
	for _, k := range personalKinds {
		if k.in(said) {
			found = append(found, k.kind)
		}
	}
	return found
}

// dashes are what people part numbers with, beside what a telephone book does.
var dashes = regexp.MustCompile(`[_*~|·•‧∙‐-―−]+|[,'’](\d)`)

// seenThrough is how words look to somebody who reads them for what they hold: wide
// digits are digits, what nobody sees is not there, every separator is one.
func seenThrough(s string) string {
	return dashes.ReplaceAllString(norm.NFKC.String(Plain(s)), "-$1")
}

// spelled are addresses and numbers as they are said.
var (
	spelledEmail = regexp.MustCompile(`(?i)[\p{L}\d._%+-]+\s*[\[(]?\s*\b(chiocciol(?:a|ina)|arobas)\b\s*[\])]?\s*[\p{L}\d-]+(\s*(\.|\bpunto\b|\bdot\b)\s*[\p{L}\d-]+)+`)
	spelledPhone = regexp.MustCompile(`(?i)\b(zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove)(\W+(zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove)){5,}\b`)
)

func hasEmail(s string) bool { return emailWord.MatchString(s) || spelledEmail.MatchString(s) }

var emailWord = regexp.MustCompile(`(?i)[\p{L}\d._%+-]+\s?(@|\(at\)|\[at\])\s?[\p{L}\d-]+(\.[\p{L}\d-]+)*\.\p{L}{2,}`)

// fiscalCode is an Italian one, letters that stand for digits included (DM
// 12 March 1974, "omocodia").
var fiscalCode = regexp.MustCompile(`(?i)\b[A-Z]{3}\s?[A-Z]{3}\s?[\dLMNP-V]{2}\s?[ABCDEHLMPRST]\s?[\dLMNP-V]{2}\s?[A-Z][\dLMNP-V]{3}\s?[A-Z]\b`)

// hasFiscalCode wants a digit: seven letters in their places would be chance.
func hasFiscalCode(s string) bool {
	return slices.ContainsFunc(fiscalCode.FindAllString(s, -1), func(m string) bool { return strings.ContainsAny(m, "0123456789") })
}

// plate is an Italian one since 1994; a number in words of that shape is written
// in capitals.
var plate = regexp.MustCompile(`\b[A-HJ-NPR-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NPR-TV-Z]{2}\b`)

var (
	// digitRun is a number as people part it.
	digitRun = regexp.MustCompile(`(?:\+|\b00)?\(?\d[\d()]*(?:[ ./-]{1,3}\(?\d[\d()]*)*`)
	// dateRun is what looks like one and is a date, with or without an hour.
	dateRun = regexp.MustCompile(`^(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})([ .-]|$)`)
	timeRun = regexp.MustCompile(`^\d{1,2}[.:]\d{2}([ /-]+\d{1,2}[.:]\d{2})*$`)
	// thing is what bears a number that is nobody's, and dial what is called.
	thing = regexp.MustCompile(`((?i:\b(lamp\w*|pal[oi]|civic[oi]|codice|segnalazion\w|pratica|prot\w*|matricola|quadro|elettric[oa]|cabina|bus|linea|autobus|ticket|case|report|pole|iban))|\b[A-Z]{2})\W{0,2}(n\w{0,6}\W{0,2})?$`)
	dial  = regexp.MustCompile(`(?i)\b(tel\w*|cell\w*|phone|whatsapp|chiama\w*|mobile|call\w*|numero)\W{1,3}(me\W|mi\W|at\W|al\W|n\w{0,6}\W{1,2}|è\W|is\W)?\s?$`)
)

// hasPhone looks for numbers that can be called: Italian mobiles (3xx and six or
// seven digits), lines of houses (0 and seven to ten), those with a country, those
// parted 555-123-4567, and any of six digits that is said to be one.
func hasPhone(s string) bool {
	for _, at := range digitRun.FindAllStringIndex(s, -1) {
		run, before := s[at[0]:at[1]], s[max(0, at[0]-40):at[0]]
		for _, part := range phoneParts(run) {
			if callable(part, before) {
				return true
			}
		}
	}
	return spelledPhone.MatchString(s)
}

// phoneParts are the numbers that may stand in a run of digits: the whole, and
// what a double separator parts.
func phoneParts(run string) []string {
	parts := []string{run}
	for _, sep := range []string{" - ", " / ", "  "} {
		if strings.Contains(run, sep) {
			parts = append(parts, strings.Split(run, sep)...)
		}
	}
	return parts
}

var american = regexp.MustCompile(`^\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}$`)

func callable(run, before string) bool {
	if dateRun.MatchString(run) || timeRun.MatchString(run) || strings.HasPrefix(run, "0.") {
		return false
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, run)
	n := len(digits)
	switch {
	case dial.MatchString(before):
		return n >= 6 && n <= 15
	case strings.HasPrefix(run, "+") || strings.HasPrefix(run, "00"):
		return n >= 9 && n <= 15
	case thing.MatchString(before):
		return false
	case american.MatchString(run):
		return true
	case digits[0] == '3':
		return (n == 9 || n == 10) && oneNumber(run, n)
	case digits[0] == '0':
		return n >= 8 && n <= 11 && oneNumber(run, n)
	}
	return false
}

// oneNumber tells a number that is parted, or spelled out digit by digit, from a list.
func oneNumber(run string, digits int) bool { return groups(run) <= 5 || groups(run) == digits }

// groups counts into how many pieces a number is parted: more are a list.
func groups(run string) int {
	return len(strings.FieldsFunc(run, func(r rune) bool { return r < '0' || r > '9' }))
}

var ibanStart = regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}[ ]?[A-Z\d]`)

// hasIBAN looks for an account number whose check digits are right (ISO 13616).
func hasIBAN(s string) bool {
	for _, at := range ibanStart.FindAllStringIndex(s, -1) {
		var b []byte
		for i := at[0]; i < len(s) && len(b) < 34; i++ {
			c := s[i] &^ 0x20
			switch {
			case s[i] >= '0' && s[i] <= '9':
				b = append(b, s[i])
			case c >= 'A' && c <= 'Z':
				b = append(b, c)
			case s[i] == ' ' || s[i] == '-':
				continue
			default:
				i = len(s)
				continue
			}
			if len(b) >= 15 && ibanSum(b) == 1 {
				return true
			}
		}
	}
	return false
}

func ibanSum(b []byte) int {
	sum := 0
	for _, c := range slices.Concat(b[4:], b[:4]) {
		if c >= 'A' {
			sum = (sum*100 + int(c-'A') + 10) % 97
		} else {
			sum = (sum*10 + int(c-'0')) % 97
		}
	}
	return sum
}

var (
	called = regexp.MustCompile(`(?i:\bmi chiamo|\bil mio nome è|\bmy name is|\bcall me)\s+\p{Lu}[\p{L}'’]+`)
	// I am somebody: two names in capitals, at the beginning of a sentence.
	amSomebody = regexp.MustCompile(`(?:^|[.!?,;:\n]\s*|(?i:\bio|\bsalve|\bbuongiorno|\bbuonasera|\bciao)\s+)(?:[Ss]ono|I am|I'm|[Qq]ui(?: è)?)\s+(?i:il sig\w*\.?\s+|la sig\w*\.?(?:ra)?\s+|mr\.?\s+|mrs\.?\s+|ms\.?\s+)?(\p{Lu}\p{Ll}+)\s+\p{Lu}[\p{Ll}'’]+`)
	// Anywhere in a sentence: two names in capitals after "sono", but for "ci sono".
	amAnywhere = regexp.MustCompile(`(?:^|[^\p{L}])(?i:sono)\s+(?i:il sig\w*\.?\s+|la sig\w*\.?(?:ra)?\s+|l'\p{Ll}+\s+)?(\p{Lu}[\p{L}]+)\s+\p{Lu}[\p{L}'’]+`)
	thereAre   = regexp.MustCompile(`(?i)\b(?:ci|vi|ce ne)\s+sono\b`)
	signed     = regexp.MustCompile(`(?i:saluti|grazie|firmato|in fede|regards|sincerely|thanks)[\s,.!:–-]+(\p{Lu}\p{Ll}+)\s+\p{Lu}[\p{Ll}'’]+\W*$`)
)

// hasName looks for people who say who they are; others named are not found.
func hasName(s string) bool {
	if called.MatchString(s) {
		return true
	}
	s = thereAre.ReplaceAllString(s, " ")
	said := []*regexp.Regexp{amSomebody, amAnywhere, signed}
	if !strings.ContainsFunc(s, unicode.IsLower) { // all in capitals: they tell no name
		said = said[:1]
	}
	for _, re := range said {
		for _, m := range re.FindAllStringSubmatch(s, -1) {
			if !isStreetKind(m[1]) && !slices.Contains(offices, m[1]) {
				return true
			}
		}
	}
	return false
}

// offices begin names that are no person's.
var offices = []string{"Comune", "Polizia", "Vigili", "Enel", "Protezione", "Scuola", "Condominio", "Associazione", "Comitato", "Croce"}
