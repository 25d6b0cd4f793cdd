package civic

import "testing"

func TestStreetNamesReadAsSigns(t *testing.T) {
	for register, sign := range map[string]string{
		"VIA DI PRE'":                      "Via di Prè",
		"VIA XX SETTEMBRE":                 "Via XX Settembre",
		"SALITA SANT'ERASMO DI VOLTRI":     "Salita Sant'Erasmo di Voltri",
		"PASSO DELL'ARCHIVOLTO":            "Passo dell'Archivolto",
		"VIA AI PRATI D'OREGINA":           "Via ai Prati d'Oregina",
		"PIAZZA NICOLO' DA VOLTRI":         "Piazza Nicolò da Voltri",
		"VIA FRA' DANIELLO DA VOLTRI":      "Via Fra' Daniello da Voltri",
		"GIARDINI BRIGATA 927?  GARIBALDI": "Giardini Brigata 927 Garibaldi",
		"VIA G BETTOLO (PORTO)":            "Via G Bettolo (Porto)",
		"Piazza Della Liberta'":            "Piazza della Libertà",
		"Borgo Citta' Nuova":               "Borgo Città Nuova",
		"Via Dell'Ospedale":                "Via Dell'Ospedale",
		"Via Garibaldi":                    "Via Garibaldi",
		"NON DENOMINATA":                   "",
		"":                                 "",
	} {
		if got := StreetName(register); got != sign {
			t.Errorf("%q reads %q, want %q", register, got, sign)
		}
	}
}
