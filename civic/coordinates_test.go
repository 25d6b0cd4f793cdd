package civic

import (
	"math"
	"testing"
)

func TestWordsForNothing(t *testing.T) {
	for _, text := range []string{"", " ", "NULL", "null", "n.d.", "N.D.", "-", "—", "#N/D", "Non disponibile", "NaN"} {
		if !IsNothing(text) {
			t.Errorf("%q is something", text)
		}
	}
	for _, text := range []string{"0", "8.9", "nulla osta", "Nd 5", "n"} {
		if IsNothing(text) {
			t.Errorf("%q is nothing", text)
		}
	}
}

func TestRealNumbersAreReadWholeOrNotAtAll(t *testing.T) {
	for text, want := range map[string]float64{"8.9342": 8.9342, "8,9342": 8.9342, "-8": -8, "+1493530,0": 1493530, "4.4e1": 44, " 7 ": 7} {
		if v, ok := ParseReal(text); !ok || v != want {
			t.Errorf("%q is %v, %t", text, v, ok)
		}
	}
	for _, text := range []string{"", "8.9 E", "8°56'", "1.493.530,0", "1,493.0", "NaN", "inf", "0x10", "1_000", "8.9.1", "12abc", "1e999", "e5", ".", ","} {
		if v, ok := ParseReal(text); ok {
			t.Errorf("%q is %v", text, v)
		}
	}
}

func TestGuessesOfCoordinates(t *testing.T) {
	genova := Bounds{8.6, 44.3, 9.1, 44.6}
	for _, c := range []struct {
		x, y          float64
		near          Bounds
		guess, system string
	}{
		{44.4, 8.9, genova, GuessSwapped, ""},
		{98.9, 8.9, Bounds{}, GuessFar, ""},
		{8.9, 144.4, Bounds{}, GuessSwapped, ""},
		{12.5, 41.9, genova, GuessFar, ""},
		{492000, 4917000, genova, GuessProjected, "EPSG:32632"},
		{1493530, 4918120, genova, GuessProjected, "EPSG:3003"},
		{2493530, 4918120, genova, GuessProjected, "EPSG:3004"},
		{993530, 5538120, genova, GuessProjected, "EPSG:3857"},
		{-7900000, 5200000, Bounds{}, GuessProjected, ""},
		{89342, 444076, genova, GuessScaled, ""},
		{math.NaN(), 44, genova, GuessNone, ""},
		{500, 44, genova, GuessNone, ""},
	} {
		if guess, system := GuessOf(c.x, c.y, c.near); guess != c.guess || system != c.system {
			t.Errorf("%v, %v near %v: %s %s, want %s %s", c.x, c.y, c.near, guess, system, c.guess, c.system)
		}
	}
}
