package civic

import "testing"

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	code := NewCode("GE", 482173)
	digits := string(code[2:])
	for _, typed := range []string{
		string(code), code.Spoken(), "ge " + digits, digits, digits[:4] + " " + digits[4:], "#" + string(code), "# " + digits,
		"codice: " + code.Spoken(), "N. " + string(code), "Segnalazione " + code.Spoken() + ".", "(" + string(code) + ")",
		"https://segnala.example.it/r/" + string(code) + "?k=abc", "segnala.example.it/r/" + string(code) + "/", "/r/" + string(code) + ",",
		"«" + code.Spoken() + "»", "GE-" + digits, "\u200b" + string(code) + "\u202c", "GE_" + digits, "GE%20" + digits,
		"GE O" + digits[1:], "GE o" + digits[1:],
	} {
		if got, err := TypedCode("GE", typed); err != nil || got != code {
			t.Errorf("%q: %s %v, want %s", typed, got, err, code)
		}
	}
	other := NewCode("TO", 1111111)
	for _, typed := range []string{"T0 " + string(other[2:]), "TO llll" + string(other[6:]), "to IIII" + string(other[6:])} {
		if got, err := TypedCode("TO", typed); err != nil || got != other {
			t.Errorf("%q: %s %v, want %s", typed, got, err, other)
		}
	}
	for _, typed := range []string{"", "ciao", "GE 4821 7309", "12345678901", "GE", "https://example.it/", "' OR 1=1"} {
		if got, err := TypedCode("GE", typed); err == nil {
			t.Errorf("%q is %s", typed, got)
		}
	}
}

func TestASecretIsReadOutOfASentence(t *testing.T) {
	for _, tail := range []string{"", "/", ",", ").", ".", "»", "?", "\u200b"} {
		if got := UntailLink("abc-DEF_1" + tail); got != "abc-DEF_1" {
			t.Errorf("%q: %q", tail, got)
		}
	}
}

func FuzzTypedCode(f *testing.F) {
	f.Add("GE 4821 7308")
	f.Fuzz(func(t *testing.T, s string) {
		if code, err := TypedCode("GE", s); err == nil {
			if again, err := ParseCode(string(code)); err != nil || again != code {
				t.Errorf("%q is read as %q", s, code)
			}
		}
	})
}
