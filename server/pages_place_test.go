package server_test

import "testing"

// TestAStreetOfAnotherTownIsTheOfficesToFind reports at streets that the town has by
// name, with what people write behind them.
func TestAStreetOfAnotherTownIsTheOfficesToFind(t *testing.T) {
	p := newPages(t)
	for address, ours := range map[string]bool{
		"Via Balbi 3": true, "Via Balbi 3, davanti alla scuola": true, "via Balbi, scala B": true, "Via Balbi 3, genova": true,
		"Via Balbi 1, Milano": false, "Via Balbi, Sestri Levante": false,
	} {
		r, _ := p.report(changed(hole, "address", address, "seen", "1"), nil)
		if (r.Position != nil) != ours {
			t.Errorf("%q is placed: %t, want %t", address, r.Position != nil, ours)
		}
	}
}

// TestThePlaceIsReadBackWithoutScript asks what is known near an address.
func TestThePlaceIsReadBackWithoutScript(t *testing.T) {
	p := newPages(t)
	p.want(p.send("/report", changed(hole, "address", "v. Balbi 12", "step", "near"), nil), 200, "Via Balbi. È giusto?")
}
