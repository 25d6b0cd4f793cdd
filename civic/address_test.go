package civic

import (
	"strings"
	"testing"
)

func TestAddressesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Address{
		"Via Balbi 12":                        {Street: "via balbi", HouseNumber: HouseNumber{Number: 12}},
		"v. Balbi, 12":                        {Street: "via balbi", HouseNumber: HouseNumber{Number: 12}},
		"V.Balbi 12/A":                        {Street: "via balbi", HouseNumber: HouseNumber{Number: 12, Suffix: "A"}},
		"via Balbi 12bis":                     {Street: "via balbi", HouseNumber: HouseNumber{Number: 12, Suffix: "BIS"}},
		"via Balbi 12 bis":                    {Street: "via balbi", HouseNumber: HouseNumber{Number: 12, Suffix: "BIS"}},
		"via Balbi n. 4 rosso":                {Street: "via balbi", HouseNumber: HouseNumber{Number: 4, Red: true}},
		"via Balbi n.4r":                      {Street: "via balbi", HouseNumber: HouseNumber{Number: 4, Red: true}},
		"p.zza De Ferrari":                    {Street: "piazza de ferrari"},
		"P.ZZA DE FERRARI 3":                  {Street: "piazza de ferrari", HouseNumber: HouseNumber{Number: 3}},
		"c.so Italia, davanti al bar":         {Street: "corso italia", Rest: "davanti al bar"},
		"v.le Brigate Partigiane 12/A, scale": {Street: "viale brigate partigiane", HouseNumber: HouseNumber{Number: 12, Suffix: "A"}, Rest: "scale"},
		"l.go Zecca":                          {Street: "largo zecca"},
		"sal. Santa Caterina 8":               {Street: "salita santa caterina", HouseNumber: HouseNumber{Number: 8}},
		"via XX Settembre 40":                 {Street: "via xx settembre", HouseNumber: HouseNumber{Number: 40}},
		"via 20 settembre 40":                 {Street: "via 20 settembre", HouseNumber: HouseNumber{Number: 40}},
		"davanti alla scuola di via Balbi":    {Street: "via balbi"},
		"via Balbi davanti alla scuola":       {Street: "via balbi"},
		"Via Balbi, vicino al 14":             {Street: "via balbi", HouseNumber: HouseNumber{Number: 14}, Near: true},
		"Via al Ponte 3":                      {Street: "via al ponte", HouseNumber: HouseNumber{Number: 3}},
		"via Roma 3, Cascinagrossa":           {Street: "via roma", HouseNumber: HouseNumber{Number: 3}, Rest: "cascinagrossa"},
		"  Balbi  ":                           {Street: "balbi"},
		"12, via Balbi":                       {Street: "via balbi", HouseNumber: HouseNumber{Number: 12}},
		"via":                                 {Rest: "via"},
		"via 12":                              {Rest: "via 12"},
		"":                                    {},
		"12":                                  {HouseNumber: HouseNumber{Number: 12}},
		"Corso Buenos Aires":                  {Street: "corso buenos aires"},
		"Piazza 4 Novembre 3":                 {Street: "piazza 4 novembre", HouseNumber: HouseNumber{Number: 3}},
		"Via Sant’Anna 5":                     {Street: "via sant'anna", HouseNumber: HouseNumber{Number: 5}},
		"Via Balbi snc":                       {Street: "via balbi", HouseNumber: HouseNumber{Unnumbered: true}},
		"via Balbi, s.n.":                     {Street: "via balbi", HouseNumber: HouseNumber{Unnumbered: true}},
		"via Balbi s. n. c., Pista":           {Street: "via balbi", HouseNumber: HouseNumber{Unnumbered: true}, Rest: "pista"},
		"via Balbi 12/A rosso":                {Street: "via balbi", HouseNumber: HouseNumber{Number: 12, Suffix: "A", Red: true}},
		"via Balbi 8/B r":                     {Street: "via balbi", HouseNumber: HouseNumber{Number: 8, Suffix: "B", Red: true}},
		"via Balbi 17/2/4":                    {Street: "via balbi", HouseNumber: HouseNumber{Number: 17, Suffix: "2/4"}},
		"via Balbi 16 int. 3":                 {Street: "via balbi", HouseNumber: HouseNumber{Number: 16, Inner: "3"}},
		"via Balbi 16, int. 3":                {Street: "via balbi", HouseNumber: HouseNumber{Number: 16, Inner: "3"}},
		"Strada Statale Aurelia km 1,750":     {Street: "strada statale aurelia", HouseNumber: HouseNumber{Metres: 1750}},
		"via Balbi davanti al 5":              {Street: "via balbi", HouseNumber: HouseNumber{Number: 5}, Near: true},
		"via Balbi, all'altezza del civico 5": {Street: "via balbi", HouseNumber: HouseNumber{Number: 5}, Near: true},
		"via Balbi di fronte al n. 5 r":       {Street: "via balbi", HouseNumber: HouseNumber{Number: 5, Red: true}, Near: true},
	} {
		got := ParseAddress(text)
		got.Rest, got.Text = strings.Trim(got.Rest, ", "), ""
		if got != want {
			t.Errorf("ParseAddress(%q) = %+v, want %+v", text, got, want)
		}
	}
}

// TestAStreetsNameMayHoldNumbers reads addresses of streets whose names look like a
// street and a number.
func TestAStreetsNameMayHoldNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"LARGO 7 SETTEMBRE 1893, 5":                    "largo 7 settembre 1893|5",
		"Via dell'Insurrezione 23-25 Aprile 1945":      "via dell'insurrezione 23-25 aprile 1945|",
		"VIA G BETTOLO (PORTO) 3/r":                    "via g bettolo (porto|3/R",
		"p.zza Ragazzi del 99 12/A":                    "piazza ragazzi del 99|12/A",
		"via di Pre' 4 rosso":                          "via di pre|4 rosso",
		"Via al Ponte di Cornigliano davanti al 3":     "via al ponte di cornigliano|3",
		"via Balbi, scala B, int. 3":                   "via balbi|",
		"Via Quattro Novembre snc, loc. Cascinagrossa": "via quattro novembre|snc",
	} {
		names, read := ParseAddress(text).Candidates()
		found := false
		for i, name := range names {
			found = found || name+"|"+read[i].String() == want
		}
		if !found {
			t.Errorf("%q: no %q in %q %v", text, want, names, read)
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
		if names, read := a.Candidates(); len(names) != len(read) || len(names) > maxCandidates {
			t.Errorf("%q: %d names, %d addresses", text, len(names), len(read))
		}
	})
}
