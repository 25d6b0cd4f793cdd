package civic

import "testing"

func TestAPublicAddressEndsBeforeTheDoor(t *testing.T) {
	for address, want := range map[string]string{
		"Via Balbi 12": "Via Balbi", "Via Balbi, 12/A": "Via Balbi", "Via Balbi 12r": "Via Balbi", "Via Balbi 7 rosso": "Via Balbi",
		"Via XX Settembre": "Via XX Settembre", "Piazza 25 Aprile": "Piazza 25 Aprile", "Corso Italia n. 3": "Corso Italia", "": "",
		"Via Balbi, vicino al 12": "Via Balbi", "Via Roma, near number 12/A, Cristo": "Via Roma",
		"Via Balbi 12, davanti alla scuola": "Via Balbi", "Via Balbi 12 interno 4": "Via Balbi",
		"Via 20 Settembre 40, scala B": "Via 20 Settembre", "Via Dazio 90/H, Valle San Bartolomeo": "Via Dazio",
		"Via Roma n° 5": "Via Roma", "Via Roma civico 5": "Via Roma", "via Balbi, suona a Rossi": "via Balbi",
		"casa di Mario Rossi, via Balbi 3": "via Balbi", "dalla signora Rossi in p.zza Dante 2": "p.zza Dante",
		"12, Via Balbi": "Via Balbi", "1234 5th street": "5th street", "Famiglia Rossi": "", "via Balbi – Rossi Mario": "via Balbi", "Corso Italia (Sig. Rossi)": "Corso Italia",
		"via Balbi tel 333 1234567": "via Balbi", "8TH AVE and JUDAH ST": "8TH AVE and JUDAH ST", "Via da Passano 4": "Via da Passano",
		"Via Balbi 12 da Mario Rossi": "Via Balbi", "Via al Ponte 3": "Via al Ponte",
		"Via San Giovanni in Monte 7 presso Rossi": "Via San Giovanni in Monte",
	} {
		if got := StreetOf(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}
