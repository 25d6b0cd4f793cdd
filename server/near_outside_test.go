package server_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

// TestAPlaceInAnotherTownIsSaidAtOnce asks what is at places within the town, at its
// edge and in others.
func TestAPlaceInAnotherTownIsSaidAtOnce(t *testing.T) {
	p := newPages(t)
	for at, outside := range map[string]bool{
		"lon=8.85&lat=44.45": false, "lon=9.19&lat=45.46": true, "lon=-74&lat=40.7": true, "lon=9.01&lat=44.45": true, "lon=9.003&lat=44.45": false,
	} {
		a := p.get("/api/v1/near?" + at)
		var near struct{ Outside bool }
		if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &near) != nil || near.Outside != outside {
			t.Errorf("%s: outside %t, want %t (%d)", at, near.Outside, outside, a.status)
		}
	}
	// Without script: the photo's place.
	p.want(p.send("/report", changed(hole, "address", "", "shot", "9.190000,45.460000", "step", "near"), nil), 422, "La foto è stata scattata fuori dal nostro Comune")
	p.want(p.send("/report?lang=en", changed(hole, "address", "", "shot", "9.190000,45.460000", "step", "near"), nil), 422, "The photo was taken outside our town")
}
