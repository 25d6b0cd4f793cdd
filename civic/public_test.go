package civic

import "testing"

func TestAPublicAddressEndsBeforeTheDoor(t *testing.T) {
	for address, want := range map[string]string{
		"Via Balbi 12": "Via Balbi", "Via Balbi, 12/A": "Via Balbi", "Via Balbi 12r": "Via Balbi", "Via Balbi 7 rosso": "Via Balbi",
		"Via XX Settembre": "Via XX Settembre", "Piazza 25 Aprile": "Piazza 25 Aprile", "Corso Italia n. 3": "Corso Italia", "": "",
	} {
		if got := streetOf(address); got != want {
			t.Errorf("%q is shown as %q, want %q", address, got, want)
		}
	}
}
