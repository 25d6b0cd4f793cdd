package geocode

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/outbound"
)

var box = [4]float64{8.6, 44.3, 9.1, 44.6}

// The answers are shaped as the servers' manuals show them.
const photon = `{"type":"FeatureCollection","features":[
 {"type":"Feature","geometry":{"type":"Point","coordinates":[8.9262,44.4146]},
  "properties":{"osm_type":"N","type":"house","street":"Via Balbi","housenumber":"12/A","district":"Prè"}},
 {"type":"Feature","geometry":{"type":"Point","coordinates":[8.9260,44.4140]},"properties":{"type":"street","name":"Via Balbi"}},
 {"type":"Feature","geometry":{"type":"Point","coordinates":[8.92,44.41]},"properties":{"type":"house","name":"Bar Balbi"}},
 {"type":"Feature","geometry":{"type":"Point","coordinates":[12.5,41.9]},"properties":{"type":"street","name":"Via Balbi"}}]}`

const nominatim = `[{"lat":"44.4146","lon":"8.9262","address":{"road":"Via Balbi","house_number":"12","suburb":"Prè"}},
 {"lat":"44.41","lon":"x","address":{"road":"Via Balbi"}},
 {"lat":"44.405","lon":"8.934","address":{"pedestrian":"Piazza De Ferrari"}}]`

func ask(t *testing.T, path, answer string, status int) ([]civic.Place, string, error) {
	t.Helper()
	var asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RawQuery
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	g, err := New(server.URL+path, outbound.New(outbound.Options{Permit: func(netip.AddrPort) bool { return true }}))
	if err != nil {
		t.Fatal(err)
	}
	list, err := g.Places(t.Context(), "via balbi 12", box, "it", 5)
	return list, asked, err
}

func TestPhotonAnswersInsideTheTown(t *testing.T) {
	list, asked, err := ask(t, "/api", photon, http.StatusOK)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if p := list[0]; p.Street != "Via Balbi" || p.Number != 12 || p.Suffix != "A" || !p.Exact || p.Locality != "Prè" || p.Lon != 8.9262 {
		t.Errorf("%+v", p)
	}
	if list[1].Exact {
		t.Errorf("a street without a number is exact: %+v", list[1])
	}
	if !strings.Contains(asked, "bbox=8.6%2C44.3%2C9.1%2C44.6") || !strings.Contains(asked, "q=via+balbi+12") {
		t.Errorf("asked %s", asked)
	}
}

func TestNominatimAnswersInsideTheTown(t *testing.T) {
	list, asked, err := ask(t, "/search", nominatim, http.StatusOK)
	if err != nil || len(list) != 2 || !list[0].Exact || list[1].Street != "Piazza De Ferrari" {
		t.Fatalf("%+v, %v", list, err)
	}
	if !strings.Contains(asked, "bounded=1") || !strings.Contains(asked, "accept-language=it") {
		t.Errorf("asked %s", asked)
	}
}

func TestAGeocoderThatFailsIsAnError(t *testing.T) {
	for _, c := range []struct {
		answer string
		status int
	}{{"", 500}, {"<html>", 200}, {strings.Repeat(" ", maxAnswer+1), 200}} {
		if list, _, err := ask(t, "/api", c.answer, c.status); err == nil {
			t.Errorf("%d %.10q gives %v", c.status, c.answer, list)
		}
	}
}

func TestAddressesThatAreNoGeocoder(t *testing.T) {
	for _, address := range []string{"", "photon", "ftp://host/api", "https://host/", "https:///api"} {
		if _, err := New(address, nil); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(photon))
	f.Add([]byte(nominatim))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, read := range []func([]byte) ([]civic.Place, error){readPhoton, readNominatim} {
			list, _ := read(raw)
			for _, p := range list {
				if p.Number < 0 || p.Number > civic.MaxNumber || len([]rune(p.Street)) > longest {
					t.Errorf("%+v", p)
				}
			}
		}
	})
}
