package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"segnavia/civic/civictest"
	"segnavia/photo/phototest"
)

// TestAPhotosPlaceIsOffered goes without script: the place where the photo was
// taken is offered when the form comes back, and taken when its sender says so.
func TestAPhotosPlaceIsOffered(t *testing.T) {
	p := newPages(t)
	nowhere := url.Values{"service": {"pothole"}, "hazard": {"no"}}
	photo := photoAt(8.851, 44.4205)
	a := p.send("/report", nowhere, map[string][]byte{"a.jpg": photo})
	p.want(a, http.StatusUnprocessableEntity, "La foto è stata scattata in Via Balbi. È lì?", `name="shot" value="8.851000,44.420500"`)
	kept := regexp.MustCompile(`name="kept" value="([0-9a-f]{64}[.][^"]+)"`).FindStringSubmatch(a.body)[1]
	// Who only knows the hash is told nothing of where it was taken.
	p.lacks(p.send("/report", url.Values{"service": {"pothole"}, "kept": {kept[:64]}}, nil), "Via Balbi. È lì?", "8.851")
	r, _ := p.report(url.Values{
		"service": {"pothole"}, "hazard": {"no"}, "kept": {kept}, "shot": {"8.851000,44.420500"}, "shot-yes": {"yes"},
	}, nil)
	if r.Position == nil || r.Lon != 8.851 || r.Address != "Via Balbi" || len(r.Photos) != 1 {
		t.Errorf("%+v %q", r.Position, r.Address)
	}
	// A place that was written comes first.
	r, _ = p.report(url.Values{
		"service": {"pothole"}, "address": {"Piazza De Ferrari"}, "shot": {"8.851000,44.420500"}, "shot-yes": {"yes"},
	}, nil)
	if r.Position == nil || r.Lon < 8.859 {
		t.Errorf("%+v", r.Position)
	}
	for _, bad := range []string{"", "x", "NaN,NaN", "8,9,9", "999,1"} {
		p.want(p.send("/report", url.Values{"service": {"pothole"}, "shot": {bad}, "shot-yes": {"yes"}}, nil), http.StatusUnprocessableEntity)
	}
}

// photoAt is a photo that says where it was taken.
func photoAt(lon, lat float64) []byte {
	plain := phototest.JPEG(160, 120)
	exif := phototest.ExifAt(lon, lat)
	size := len(exif) + 2
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, byte(size >> 8), byte(size)}, exif...) // #nosec G115 -- short
	return append(head, plain[2:]...)
}

// TestTheOfficeLearnsWhereAPhotoWasTaken asks for it as the office and as others.
func TestTheOfficeLearnsWhereAPhotoWasTaken(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(url.Values{"service": {"pothole"}, "address": {"vicino al bar"}}, map[string][]byte{"a.jpg": photoAt(8.851, 44.4205)})
	path := "/api/v1/reports/" + r.ID.String() + "/shots"
	p.want(p.get(path), http.StatusNotFound) // not even its reporter
	token, err := p.db.AddSession(t.Context(), p.town.ID, civictest.Actor(p.town, "operator").User, "")
	if err != nil {
		t.Fatal(err)
	}
	a := p.ask(path, "Cookie", "session="+token)
	p.want(a, http.StatusOK, `"place":"Via Balbi"`, `"lon":8.85`, `"lat":44.42`)
}
