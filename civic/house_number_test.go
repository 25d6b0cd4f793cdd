package civic

import (
	"strings"
	"testing"
)

func TestHouseNumbersOfEveryForm(t *testing.T) {
	for text, want := range map[string]string{
		"12": "12", "12a": "12/A", "12/A": "12/A", "12 A": "12/A", "12-A": "12/A", "12bis": "12/BIS", "12 bis": "12/BIS", "12/bis": "12/BIS",
		"n. 7": "7", "N.7": "7", "n° 7": "7", "civico 7/b": "7/B", "num. 7": "7", "12/A rosso": "12/A rosso", "12/a ROSSO": "12/A rosso",
		"8/B r": "8/B rosso", "8/B R.": "8/B rosso", "8 b r": "8/B rosso", "4r": "4 rosso", "4R": "4 rosso", "4 r": "4 rosso", "4 rosso": "4 rosso",
		"4/rosso": "4 rosso", "4 nero": "4", "17/2/4": "17/2/4", "17/2/4 rosso": "17/2/4 rosso", "16 int. 3": "16 int. 3", "16, int 3": "16 int. 3",
		"16/A interno 3B": "16/A int. 3B", "16 r int. 2": "16 rosso int. 2", "snc": "snc", "SNC": "snc", "s.n.c.": "snc", "s.n.": "snc", "S.N": "snc",
		"s. n. c.": "snc", "sn": "snc", "s/n": "snc", "senza numero civico": "snc", "km 1,750": "km 1,750", "km. 1.75": "km 1,750", "KM 3+500": "km 3,500",
		"km 12": "km 12", "chilometro 0,4": "km 0,400", "4/r": "4/R", "23-25": "23/25",
		"0": "!", "km 0": "!", "": "!", "A": "!", "12dopo": "!", "12345": "!", "sncf": "!", "via": "!", "rosso": "!", "-3": "!",
	} {
		h, rest, ok := ParseHouseNumber(text, MaxNumber)
		got := h.String()
		if !ok {
			got = "!"
		}
		if got != want || ok && rest != "" {
			t.Errorf("%q is %q with %q behind it, want %q", text, got, rest, want)
		}
		// What is shown is read back as the same.
		if again, _, _ := ParseHouseNumber(h.String(), MaxNumber); ok && again != h {
			t.Errorf("%q is shown as %q and read back as %+v", text, h, again)
		}
	}
	for text, behind := range map[string]string{"12 e 14": " e 14", "12 a genova": " a genova", "12, scala b": ", scala b", "snc, pista": ", pista"} {
		if _, rest, ok := ParseHouseNumber(text, MaxNumber); !ok || rest != behind {
			t.Errorf("%q leaves %q, want %q", text, rest, behind)
		}
	}
}

func TestADoorIsTheOneAskedFor(t *testing.T) {
	h := func(s string) HouseNumber { n, _, _ := ParseHouseNumber(s, MaxNumber); return n }
	for _, c := range []struct {
		door, asked string
		want        bool
	}{
		{"12/A", "12", true},
		{"12/A", "12/A", true},
		{"12", "12/A", false},
		{"12 rosso", "12", false},
		{"12", "12 rosso", false},
		{"12/r", "12 rosso", true},
		{"12 rosso", "12/r", true},
		{"8/B rosso", "8 rosso", true},
		{"snc", "snc", true},
		{"12", "snc", false},
		{"km 1,750", "km 1,75", true},
		{"12", "12 int. 3", true},
	} {
		if got := h(c.door).Is(h(c.asked)); got != c.want {
			t.Errorf("%s is %s: %t", c.door, c.asked, got)
		}
	}
}

func FuzzParseHouseNumber(f *testing.F) {
	f.Add("17/2/4 rosso int. 3b, scala A")
	f.Add("km 1,750")
	f.Fuzz(func(t *testing.T, text string) {
		h, rest, ok := ParseHouseNumber(text, MaxRegisterNumber)
		if !ok {
			return
		}
		if h.String() == "" || h.Number < 0 || h.Number > MaxRegisterNumber || h.Metres < 0 || len(rest) > 3*len(text) || len(h.Suffix) > 30 {
			t.Errorf("%q: %+v, %q", text, h, rest)
		}
		if again, left, ok := ParseHouseNumber(h.String(), MaxRegisterNumber); !ok || left != "" || again.String() != h.String() {
			t.Errorf("%q is shown as %q and read back as %q", text, h, again)
		}
		_ = strings.ToUpper(rest)
	})
}

// A house number ends the name of a street alike where an address is read and where
// the public is told its street, however it is written and where it cannot be read.
func TestAHouseNumberEndsTheStreetForEverybody(t *testing.T) {
	for _, number := range []string{
		"12", "12/A rosso", "12r", "8/B r", "17/2/4", "16 int. 3", "12bis", "n. 12", "n.12", "n.°12", "n° 12", "nr. 12", "num. 12",
		"civ. 12", "civico 12", "numero civico 12", "numero 12", "snc", "s.n.c.", "s.n.", "s/n", "senza numero", "senza numero civico",
		"km 1,750", "Km 1,750", "km. 12", "12a3", "12dopo", "civico dodici", "n. dodici", "12 davanti alla scuola", "12 Genova",
		"vicino al 12", "near 12", "davanti al civico 12",
	} {
		for _, street := range []string{
			"Via Garibaldi", "Viale XX Settembre", "Via 25 Aprile", "Via N. Sauro", "Via Martiri 1° Maggio", "Piazza della Vittoria",
		} {
			address := street + " " + number
			if got := StreetOf(address); got != street {
				t.Errorf("%q is told as %q", address, got)
			}
			if got := ParseAddress(address).Street; got != strings.ToLower(street) {
				t.Errorf("%q is read as %q", address, got)
			}
		}
	}
}

// What only looks like a house number is a part of the name.
func TestAnOrdinalIsNoHouseNumber(t *testing.T) {
	for _, text := range []string{"1° maggio", "2º tratto", "3ª traversa", "0", "12345678"} {
		if h, rest, ok := ParseHouseNumber(text, MaxNumber); ok {
			t.Errorf("%q is %+v and %q", text, h, rest)
		}
	}
}
