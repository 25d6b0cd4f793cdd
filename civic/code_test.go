package civic

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCodeSurvivesHowPeopleWriteIt(t *testing.T) {
	c := NewCode("GE", 4821730)
	for _, s := range []string{string(c), c.Spoken(), "ge-" + string(c[2:]), " " + c.Spoken() + " "} {
		got, err := ParseCode(s)
		if err != nil || got != c {
			t.Errorf("ParseCode(%q) = %q, %v", s, got, err)
		}
	}
	// 572 with check digit 4 is the worked example of Damm's own thesis.
	if dammOf([]byte("572")) != 4 {
		t.Error("the check digit of 572 is 4")
	}
}

func TestCodeFindsOneWrongDigitAndOneSwap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := []byte(NewCode("GE", rapid.Uint32Range(0, 9999999).Draw(t, "n")))
		i := rapid.IntRange(2, 9).Draw(t, "at")
		wrong := append([]byte(nil), c...)
		wrong[i] = '0' + (c[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := ParseCode(string(wrong)); err == nil {
			t.Fatalf("%s passed for %s", wrong, c)
		}
		if i < 9 && c[i] != c[i+1] {
			swapped := append([]byte(nil), c...)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			if _, err := ParseCode(string(swapped)); err == nil {
				t.Fatalf("%s passed for %s", swapped, c)
			}
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("GE 4821 7308")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err == nil {
			if again, err := ParseCode(c.Spoken()); err != nil || again != c {
				t.Fatalf("%q reads as %q and not back", s, c)
			}
		}
	})
}
