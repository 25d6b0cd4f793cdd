package civic

import "testing"

func TestAPublicAddressEndsBeforeTheDoor(t *testing.T) {
	for address, want := range map[string]string{
		"Via Balbi 12": "Via Balbi", "Via Balbi, 12/A": "Via Balbi", "Via Balbi 12r": "Via Balbi", "Via Balbi 7 rosso": "Via Balbi",
		"Via XX Settembre": "Via XX Settembre", "Piazza 25 Aprile": "Piazza 25 Aprile", "Corso Italia n. 3": "Corso Italia", "": "",
		"Via Balbi, vicino al 12": "Via Balbi", "Via Roma, near number 12/A, Cristo": "Via Roma, Cristo",
		"Via Balbi 12, davanti alla scuola": "Via Balbi, davanti alla scuola", "Via Balbi 12 interno 4": "Via Balbi",
		"Via 20 Settembre 40, scala B": "Via 20 Settembre", "Via Dazio 90/H, Valle San Bartolomeo": "Via Dazio, Valle San Bartolomeo",
		"Via Roma n° 5": "Via Roma", "Via Roma civico 5": "Via Roma",
	} {
		if got := StreetOf(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}
