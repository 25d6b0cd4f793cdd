package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestFiltersAndPages(t *testing.T) {
	d := newDoor(t)
	var codes []string
	for range 5 {
		codes = append(codes, string(d.made(d.sinkhole()).Code))
	}
	closed := d.sinkhole()
	closed.Set("service_code", "pothole")
	done := d.made(closed)
	d.apply("operator", done.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusRejected, Reason: "Già segnalato"})
	d.made(url.Values{"api_key": {d.key}, "service_code": {"distress"}, "lat": {"37.76"}, "long": {"-122.42"}})
	now := time.Now().UTC()
	at := func(t time.Time) string { return url.QueryEscape(t.Format(time.RFC3339)) }
	for query, want := range map[string]int{
		"":                                      6,
		"status=open":                           5,
		"status=closed":                         1,
		"status=open,closed":                    6,
		"status=":                               6,
		"service_code=001":                      5,
		"service_code=001,pothole":              6,
		"service_code=tree":                     0,
		"page_size=4":                           4,
		"page_size=4&page=2":                    2,
		"page_size=4&page=3":                    0,
		"start_date=" + at(now.Add(-time.Hour)): 6,
		"start_date=" + at(now.Add(-time.Hour)) + "&end_date=" + at(now.Add(time.Hour)):                              6,
		"end_date=" + at(now.Add(-time.Hour)):                                                                        0,
		"start_date=" + at(now.AddDate(0, 0, -90)) + "&end_date=" + at(now):                                          6,
		"service_request_id=" + codes[0] + "," + codes[3] + "&status=closed&service_code=tree&page=9&start_date=bad": 2,
		"service_request_id=XX00000000":                                                                              0,
	} {
		if list := d.both("service_requests", "v2/requests?"+query); len(list.kids) != want {
			t.Errorf("%q finds %d, want %d", query, len(list.kids), want)
		}
	}
	seen := map[string]bool{}
	for _, page := range []string{"1", "2", "3"} {
		for _, e := range d.xml("service_requests", "v2/requests.xml?page_size=2&page="+page, nil).kids {
			seen[e.child("service_request_id")] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("three pages of two show %d reports", len(seen))
	}
	for query, want := range map[string]string{
		"start_date=yesterday": "start_date", "end_date=2027-13-01T00:00:00Z": "end_date", "page=0": "page", "page=x": "page", "page_size=-1": "page_size",
		"page=99999999": "page", "status=lost": "status", "start_date=" + at(now.AddDate(0, 0, -100)) + "&end_date=" + at(now): "90",
		"start_date=" + at(now) + "&end_date=" + at(now.Add(-time.Hour)): "end_date", "start_date=2999-01-01T00:00:00Z": "start_date",
	} {
		a := d.call("v2/requests.xml?"+query, nil)
		if d.strict(a, "errors"); a.status != http.StatusBadRequest || !strings.Contains(a.body, want) {
			t.Errorf("%q: %d %s", query, a.status, a.body)
		}
	}
	if a := d.call("v2/requests.xml?service_code=nothing", nil); a.status != http.StatusNotFound {
		t.Errorf("an unknown service: %d", a.status)
	}
	extended := d.both("service_requests", "v2/requests/"+string(done.Code)+"?extensions=true").at("request", "extended_attributes")
	if extended.child("detailed_status") != "duplicate" || extended.child("title") == "" || extended.child("area") != "West" {
		t.Errorf("extended attributes %+v", extended)
	}
}

func TestThePublicIsToldTheDayAndTheStreet(t *testing.T) {
	d := newDoor(t)
	lon, lat := -122.42123456, 37.76123456
	id := civictest.NewID[civic.Report]()
	a, err := d.db.Apply(t.Context(), d.town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, civic.CreateArgs{
		Service: "pothole", Description: "Words", Lon: &lon, Lat: &lat, Address: "Via Balbi 12/A", Channel: civic.ChannelWeb,
		Contact: civic.Contact{Name: "CANARY", Email: "canary@example.org"},
	}), 0)
	if err != nil || a.Status != civic.Applied {
		t.Fatal(a, err)
	}
	r, err := d.db.Report(t.Context(), d.town.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	e := d.both("service_requests", "v2/requests/"+string(r.Code)).at("request")
	rome, _ := time.LoadLocation("Europe/Rome")
	y, m, day := r.Created.In(rome).Date()
	want := time.Date(y, m, day, 0, 0, 0, 0, rome).Format(time.RFC3339)
	if e.child("requested_datetime") != want || e.child("address") != "Via Balbi" || e.child("lat") != "37.7612" || e.child("long") != "-122.4212" {
		t.Errorf("the public is told %+v", e)
	}
	if strings.Contains(d.call("v2/requests.xml", nil).body, "CANARY") {
		t.Error("the reporter is told")
	}
	// Whoever halves the day with start_date learns nothing of the hour.
	late := url.QueryEscape(time.Date(y, m, day, 0, 0, 1, 0, rome).Format(time.RFC3339))
	if list := d.xml("service_requests", "v2/requests.xml?start_date="+late, nil); len(list.kids) != 0 {
		t.Error("a report is found by its hour")
	}
	private := d.made(url.Values{"api_key": {d.key}, "service_code": {"distress"}, "lat": {"37.76"}, "long": {"-122.42"}, "description": {"CANARY"}})
	if a := d.call("v2/requests/"+string(private.Code)+".xml", nil); a.status != http.StatusNotFound {
		t.Errorf("a private report is answered %d", a.status)
	}
	own := d.call("v2/requests/"+string(private.Code)+".xml?api_key="+d.key, nil)
	if e := d.strict(own, "service_requests").at("request"); e.child("status") != "open" || strings.Contains(own.body, "CANARY") || e.child("lat") != "" {
		t.Errorf("its own program is told %s", own.body)
	}
	if a := d.call("v2/requests/"+string(private.Code)+".xml?api_key="+d.newKey("other", civic.KeyScopes...), nil); a.status != http.StatusNotFound {
		t.Errorf("another program is answered %d", a.status)
	}
}

func TestAReportWithoutAPointIsFoundByItsStreetOrByTheOffice(t *testing.T) {
	d := newDoor(t)
	base := url.Values{"api_key": {d.key}, "service_code": {"001"}}
	known := with(base, "address_string", "v. Balbi 12")
	if r := d.made(known); r.Position == nil || r.Address != "v. Balbi 12" {
		t.Errorf("a known street: %+v", r)
	}
	if r := d.made(with(base, "address_string", "1234 5th street")); r.Position != nil || r.Address != "1234 5th street" {
		t.Errorf("an unknown street: %+v", r)
	}
	if r := d.made(with(base, "address_id", "545483")); r.Position != nil || r.Address != "545483" {
		t.Errorf("an address's id: %+v", r)
	}
	// An empty parameter is an absent one.
	if r := d.made(with(d.sinkhole(), "address_string", "", "address_id", "", "email", "", "media_url", "", "jurisdiction_id", "")); r.Position == nil {
		t.Errorf("empty parameters: %+v", r)
	}
}
