package civic

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTextsAreCleanedAndKept(t *testing.T) {
	for dirty, want := range map[string]string{
		"Buca\x00 in via Balbi":             "Buca in via Balbi",
		"a\r\nb\rc\nd":                      "a\nb\nc\nd",
		"\u202eotunim\u202c":                "otunim",
		"\u2066isolato\u2069":               "isolato",
		"zero\u200bwidth\ufeff":             "zerowidth",
		"morbido\u00adtrattino":             "morbidotrattino",
		"\x1b[31mrosso":                     "[31mrosso",
		"mezzo \xed\xa0\xbd carattere \xff": "mezzo  carattere ",
		"\U000e0041tag":                     "tag",
		"نمی\u200cخواهم":                    "نمی\u200cخواهم", // Persian needs its joiner
		"👩‍👩‍👧 è qui, perché no? €5":        "👩‍👩‍👧 è qui, perché no? €5",
		"tab\there":                         "tab\there",
		"senza \ufffd senso":                "senza  senso",
	} {
		if got := Clean(dirty); got != want {
			t.Errorf("%q: %q, want %q", dirty, got, want)
		}
	}
	if got := Plain(" \u200fma\u200drio@example.it\u200e "); got != "mario@example.it" {
		t.Errorf("%q", got)
	}
}

// An edit is never lost for a character.
func TestNoEditIsLostForACharacter(t *testing.T) {
	for _, words := range []string{`a\u0000b`, `half \ud83d`, "bytes \xff\xfe", `\u202eabc`, `\u200b`} {
		raw := []byte(`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","report":"01890a5d-ac96-774b-bcce-b302099a8058","base_rev":1,"kind":"note","args":{"text":"` + words + `"}}`)
		if _, err := ParseEdit(raw); err != nil {
			t.Errorf("%q: %v", words, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("Buca\x00 \u202e \r\n x")
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if !utf8.ValidString(got) || strings.ContainsRune(got, '\r') || Clean(got) != got || len(got) > len(s) {
			t.Errorf("%q becomes %q", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) && r != 0x200e && r != 0x200f && r != 0x061c {
				t.Errorf("%q keeps %U", s, r)
			}
		}
		_ = Personal(s)
	})
}
