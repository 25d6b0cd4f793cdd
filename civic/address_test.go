package civic

import (
	"strings"
	"testing"
)

func TestAddressesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Address{
		"Via Balbi 12":                        {Street: "via balbi", Number: 12},
		"v. Balbi, 12":                        {Street: "via balbi", Number: 12},
		"V.Balbi 12/A":                        {Street: "via balbi", Number: 12, Suffix: "A"},
		"via Balbi 12bis":                     {Street: "via balbi", Number: 12, Suffix: "BIS"},
		"via Balbi 12 bis":                    {Street: "via balbi", Number: 12, Suffix: "BIS"},
		"via Balbi n. 4 rosso":                {Street: "via balbi", Number: 4, Suffix: "R"},
		"via Balbi n.4r":                      {Street: "via balbi", Number: 4, Suffix: "R"},
		"p.zza De Ferrari":                    {Street: "piazza de ferrari"},
		"P.ZZA DE FERRARI 3":                  {Street: "piazza de ferrari", Number: 3},
		"c.so Italia, davanti al bar":         {Street: "corso italia", Rest: "davanti al bar"},
		"v.le Brigate Partigiane 12/A, scale": {Street: "viale brigate partigiane", Number: 12, Suffix: "A", Rest: "scale"},
		"l.go Zecca":                          {Street: "largo zecca"},
		"sal. Santa Caterina 8":               {Street: "salita santa caterina", Number: 8},
		"via XX Settembre 40":                 {Street: "via xx settembre", Number: 40},
		"via 20 settembre 40":                 {Street: "via 20 settembre", Number: 40},
		"davanti alla scuola di via Balbi":    {Street: "via balbi"},
		"via Balbi davanti alla scuola":       {Street: "via balbi"},
		"Via Balbi, vicino al 14":             {Street: "via balbi", Number: 14},
		"Via al Ponte 3":                      {Street: "via al ponte", Number: 3},
		"via Roma 3, Cascinagrossa":           {Street: "via roma", Number: 3, Rest: "cascinagrossa"},
		"  Balbi  ":                           {Street: "balbi"},
		"12, via Balbi":                       {Street: "via balbi", Number: 12},
		"via":                                 {Rest: "via"},
		"via 12":                              {Rest: "via 12"},
		"":                                    {},
		"12":                                  {Number: 12},
		"Corso Buenos Aires":                  {Street: "corso buenos aires"},
		"Piazza 4 Novembre 3":                 {Street: "piazza 4 novembre", Number: 3},
		"Via Sant’Anna 5":                     {Street: "via sant'anna", Number: 5},
	} {
		got := ParseAddress(text)
		if got.Rest = strings.Trim(got.Rest, ", "); got != want {
			t.Errorf("ParseAddress(%q) = %+v, want %+v", text, got, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	f.Add("V.le Brigate Partigiane 12/A, davanti alla scuola")
	f.Add("n. n. n. 99999999999999999999 , , via\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		a := ParseAddress(text)
		if a.Number < 0 || a.Number > MaxNumber || len(a.Street) > 4*len(text)+20 {
			t.Errorf("%q: %+v", text, a)
		}
	})
}
