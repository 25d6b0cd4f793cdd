package server

import "testing"

func TestStreetOfAnAddressAsPeopleWriteIt(t *testing.T) {
	for address, want := range map[string]string{
		"Via Balbi 12":                        "via balbi",
		"v. Balbi, 12":                        "via balbi",
		"V.Balbi 12/A":                        "via balbi",
		"via Balbi n. 4 rosso":                "via balbi",
		"p.zza De Ferrari":                    "piazza de ferrari",
		"P.ZZA DE FERRARI 3":                  "piazza de ferrari",
		"c.so Italia, davanti al bar":         "corso italia",
		"v.le Brigate Partigiane 12/A, scale": "viale brigate partigiane",
		"l.go Zecca":                          "largo zecca",
		"sal. Santa Caterina 8":               "salita santa caterina",
		"via XX Settembre 40":                 "via xx settembre",
		"via 20 settembre 40":                 "via 20 settembre",
		"davanti alla scuola di via Balbi":    "via balbi",
		"via Balbi davanti alla scuola":       "via balbi",
		"  Balbi  ":                           "balbi",
		"12, via Balbi":                       "via balbi",
		"via":                                 "",
		"via 12":                              "",
		"":                                    "",
		"12":                                  "",
		"Corso Buenos Aires":                  "corso buenos aires",
		"Piazza 4 Novembre 3":                 "piazza 4 novembre",
	} {
		if got := streetOf(address); got != want {
			t.Errorf("streetOf(%q) = %q, want %q", address, got, want)
		}
	}
}
