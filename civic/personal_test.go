package civic

import (
	"slices"
	"strings"
	"testing"
)

func TestPersonalDataAreSeenInWords(t *testing.T) {
	for words, want := range map[string]string{
		"Chiamatemi al 333 1234567":                     "phone",
		"cell. 3331234567":                              "phone",
		"333-123 45 67 dopo le 18":                      "phone",
		"+39 347.123.45.67":                             "phone",
		"0039 010 1234567":                              "phone",
		"tel 010/123456":                                "phone",
		"010 1234567 ore pasti":                         "phone",
		"ufficio 0131123456":                            "phone",
		"telefono 123456":                               "phone",
		"call me at (212) 555-1234":                     "phone",
		"212-555-1234":                                  "phone",
		"scrivi a mario.rossi@example.it":               "email",
		"m.rossi (at) posta.example.com":                "email",
		"RSSMRA80A01D969X":                              "fiscal_code",
		"cf rssmra80a01d969x":                           "fiscal_code",
		"RSS MRA 80A01 D969X":                           "fiscal_code",
		"rimborso su IT60 X054 2811 1010 0000 0123 456": "iban",
		"it60x0542811101000000123456 grazie":            "iban",
		"auto abbandonata AB 123 CD":                    "plate",
		"targa ZZ999ZZ":                                 "plate",
		"Mi chiamo Mario":                               "name",
		"Buongiorno, sono Mario Rossi del terzo piano":  "name",
		"Sono la signora Anna Verdi":                    "name",
		"La buca è qui. Cordiali saluti, Anna Verdi":    "name",
		"Hello. I am John Smith":                        "name",
		"mi chiamo Anna, 347 1234567, anna@example.org": "phone email name",
		// As people hide them from programs.
		"３３３１２３４５６７":                                    "phone",
		"333_123_4567":                                  "phone",
		"333·12·34·567":                                 "phone",
		"333\u200b123\u200b4567":                        "phone",
		"3 3 3 1 2 3 4 5 6 7":                           "phone",
		"333,1234567":                                   "phone",
		"tre tre tre uno due tre quattro":               "phone",
		"zero uno zero, sei cinque quattro tre due uno": "phone",
		"mario chiocciola example punto it":             "email",
		"mario.rossi [chiocciola] posta.example.com":    "email",
		"mario＠example．it":                              "email",
		"ma\u200brio@exam\u00adple.it":                  "email",
		"vi scrivo perché sono Mario Rossi":             "name",
		"la buca è qui e sono MARIO ROSSI":              "name",
		"RSS\u200bMRA80A01D969X":                        "fiscal_code",
	} {
		if got := strings.Join(Personal(words), " "); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

func TestOrdinaryWordsAreNobodys(t *testing.T) {
	for _, words := range []string{
		"", "Lampione spento", "lampione 1234", "Lampione n. 012345678 spento", "palo 3401234567", "via Balbi 12/A", "civico 128 rosso",
		"Via Balbi, 12, interno 4, scala B", "dal 01/02/2026 al 03/04/2026", "il 03-04-2026 alle 08:30", "il 3.4.2026 08.30",
		"2026-04-03 08:30:00", "dalle 08 alle 10", "tutti i giorni 08:00-12:00 e 15:00-19:00", "orario 08.30 - 12.30 / 14.30 - 18.30",
		"GE 4821 7308", "segnalazione GE 0482 1730", "GE 0348 2173", "vedi GE34821730", "CAP 16126", "16124 Genova", "bus 35, 36 e 37",
		"44.4056, 8.9463", "44.4056123 8.9463123", "una buca di 30 cm x 40 cm profonda 10", "3 alberi, 2 panchine, 1 cestino",
		"costa 1.234.567 euro", "numero 118", "ho chiamato il 112", "800 123 456", "linea 010", "km 3+400", "SP 333 km 12",
		"sono caduti due alberi", "Sono Via Balbi e Via Prè le strade al buio", "Ci sono Topi e Blatte nel cortile", "sono spenti i lampioni",
		"Qui Via Roma è allagata", "Grazie e buon lavoro", "Grazie, Comune di Genova", "ore 20.30", "da 3 settimane", "@ 30 metri", "e/o",
		"ci sono Alberi Grandi", "GLI ALBERI SONO CADUTI SULLA STRADA", "I LAMPIONI SONO SPENTI DA GIORNI", "vi sono Lampioni Spenti", "buche al 3, 5, 7 e 9", "uno due tre prova", "quadro elettrico 0123456789", "Enel POD IT001E12345678", "matricola 3331234567", "B&B al 12", "buche 30 31 32 33 34 35",
		"mi chiamo fuori", "mi chiamano tutti", "AB 12 CD", "prot. 0123456/2026",
	} {
		if got := Personal(words); len(got) > 0 {
			t.Errorf("%q: %v", words, got)
		}
	}
}

// FuzzPersonal says that any words whatever get an answer, and always the same.
func FuzzPersonal(f *testing.F) {
	f.Add("333 1234567")
	f.Add("IT60X0542811101000000123456")
	f.Fuzz(func(t *testing.T, words string) {
		if !slices.Equal(Personal(words), Personal(words)) {
			t.Error("two answers")
		}
	})
}
