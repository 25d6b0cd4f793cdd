package server_test

import (
	"net/url"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// Whoever sends a place that is not the town's is told what they sent and what it
// seems to be, at the API and by Open311, in either language.
func TestAPlaceThatIsNoneIsToldWithItsGuess(t *testing.T) {
	f := newTowns(t, false)
	for _, c := range []struct{ lon, lat, guess, it, en string }{
		{"44.45", "8.85", civic.GuessSwapped, "scambiate", "swapped"},
		{"12.49", "41.9", civic.GuessFar, "lontane", "far from our town"},
		{"8.85", "144.45", civic.GuessSwapped, "scambiate", "swapped"},
		{"493530", "4918120", civic.GuessProjected, "metri", "metres"},
		{"500", "444", civic.GuessNone, "non sono gradi", "are no degrees"},
	} {
		for lang, want := range map[string]string{"it": c.it, "en": c.en} {
			body := `{"id":"` + civictest.NewID[civic.Report]().String() + `","service":"pothole","lon":` + c.lon + `,"lat":` + c.lat + `}`
			status, said := f.ask(caller{name: "anonymous"}, "a.test", "POST", "/api/v1/reports", body, "Accept-Language", lang)
			if status != 422 || !strings.Contains(said, `"guess":"`+c.guess+`"`) || !strings.Contains(said, want) || !strings.Contains(said, `"lat":`+c.lat) {
				t.Errorf("the API, %s %s in %s: %d %s", c.lon, c.lat, lang, status, said)
			}
			for _, k := range f.callers {
				if k.name != "key" {
					continue
				}
				form := url.Values{"api_key": {k.key}, "service_code": {"pothole"}, "lat": {c.lat}, "long": {c.lon}}
				status, said = f.ask(caller{name: "key"}, "a.test", "POST", "/open311/v2/requests.json", form.Encode(), "Accept-Language", lang)
				if status != 400 || !strings.Contains(said, want) {
					t.Errorf("Open311, %s %s in %s: %d %s", c.lon, c.lat, lang, status, said)
				}
			}
		}
	}
}
