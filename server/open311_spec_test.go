package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segnavia/civic"
)

func TestDiscoveryTellsWhatValidatorsAsk(t *testing.T) {
	d := newDoor(t)
	e := d.both("discovery", "discovery")
	endpoints := e.at("endpoints").kids
	if len(endpoints) < 2 || e.child("contact") == "" || e.child("key_service") == "" {
		t.Errorf("discovery %+v", e)
	}
	for _, one := range endpoints {
		if one.child("specification") != "http://wiki.open311.org/GeoReport_v2" || one.child("url") != d.http.URL+"/open311/v2/" {
			t.Errorf("endpoint %+v", one)
		}
		var formats []string
		for _, f := range one.at("formats").kids {
			formats = append(formats, f.text)
		}
		slices.Sort(formats)
		if !slices.Equal(formats, []string{"application/json", "text/xml"}) {
			t.Errorf("formats %v", formats)
		}
		if at, err := time.Parse(time.RFC3339, one.child("changeset")); err != nil || at.After(time.Now().AddDate(0, 0, 1)) {
			t.Errorf("changeset %v %v", at, err)
		}
	}
}

func TestTheExamplesOfTheSpecificationThatRead(t *testing.T) {
	d := newDoor(t)
	const town = "?jurisdiction_id=city.gov"

	services := d.both("services", "v2/services"+town)
	if len(services.kids) != len(d.town.Services) {
		t.Errorf("%d services of %d", len(services.kids), len(d.town.Services))
	}
	cans := services.kids[slices.IndexFunc(services.kids, func(e element) bool { return e.child("service_code") == "001" })]
	if cans.child("service_name") != "Cans left out 24x7" || cans.child("metadata") != "true" || cans.child("type") != "realtime" ||
		cans.child("keywords") != "lorem, ipsum, dolor" || cans.child("group") != "sanitation" {
		t.Errorf("service %+v", cans)
	}

	definition := d.both("service_definition", "v2/services/DMV66"+town)
	attributes := definition.at("attributes").kids
	first := attributes[0]
	if definition.child("service_code") != "DMV66" || first.child("code") != "WHISHETN" || first.child("datatype") != "singlevaluelist" ||
		first.child("required") != "true" || first.child("variable") != "true" || first.child("order") != "1" ||
		first.at("values").kids[0].child("key") != "123" || first.at("values").kids[1].child("name") != "Chrysler" {
		t.Errorf("definition %+v", definition)
	}
	last := attributes[len(attributes)-1]
	if last.child("code") != "fixmystreet_id" || last.child("automated") != "server_set" || last.child("required") != "false" {
		t.Errorf("the last attribute is %+v", last)
	}
}

func TestTheExamplesOfTheSpecificationThatWrite(t *testing.T) {
	d := newDoor(t)
	const town = "?jurisdiction_id=city.gov"
	// The example of a POST, letter for letter but for the key.
	const example = "api_key=xyz&jurisdiction_id=city.gov&service_code=001&lat=37.76524078&long=-122.4212043&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456&first_name=john&last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001"
	refused := d.raw(http.MethodPost, "v2/requests.xml", "application/x-www-form-urlencoded; charset=utf-8", strings.NewReader(example))
	if e := d.strict(refused, "errors"); refused.status != http.StatusForbidden || e.at("error").child("code") != "403" {
		t.Errorf("a bad key is answered %d %s", refused.status, refused.body)
	}
	a := d.raw(http.MethodPost, "v2/requests.xml", "application/x-www-form-urlencoded; charset=utf-8", strings.NewReader(strings.Replace(example, "xyz", d.key, 1)))
	request := d.strict(a, "service_requests").at("request")
	if a.status != http.StatusCreated || request.child("account_id") != "123456" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	code := request.child("service_request_id")
	r, err := d.db.ReportByCode(t.Context(), d.town.ID, civic.Code(code))
	if err != nil {
		t.Fatal(err)
	}
	if r.Channel != civic.ChannelOpen311 || r.Address != "1234 5th street" || r.Source.Client != "fixmystreet" ||
		r.Answers["WHISPAWN"][0] != "123456" || r.Answers["WHISDORN"][0] != "COISL001" || r.Lat != 37.7652408 {
		t.Errorf("report %+v", r)
	}

	token := d.both("service_requests", "v2/tokens/"+r.ID.String()+town).at("request")
	if token.child("service_request_id") != code || token.child("token") != r.ID.String() {
		t.Errorf("token %+v", token)
	}

	one := d.both("service_requests", "v2/requests/"+code+town)
	if len(one.kids) != 1 || one.at("request").child("service_request_id") != code || one.at("request").child("status") != "open" ||
		one.at("request").child("description") != r.Description || one.at("request").child("address") != "5th street" { // the public is told no door
		t.Errorf("request %+v", one)
	}
	if list := d.both("service_requests", "v2/requests"+town+"&status=open"); len(list.kids) != 1 {
		t.Errorf("%d open requests", len(list.kids))
	}
	sample := d.both("service_requests", "v2/requests?start_date=2010-05-24T00:00:00Z&end_date=2010-06-24T00:00:00Z&status=open&jurisdiction_id=city.gov")
	if len(sample.kids) != 0 {
		t.Errorf("%d requests in 2010", len(sample.kids))
	}
}

func TestAReportSentAgainIsTheSameReport(t *testing.T) {
	d := newDoor(t)
	form := d.sinkhole("attribute[fixmystreet_id]", "4711")
	first := d.made(form)
	for range 2 {
		if again := d.made(form); again.Code != first.Code || again.Rev != first.Rev {
			t.Errorf("%s rev %d, then %s rev %d", first.Code, first.Rev, again.Code, again.Rev)
		}
	}
	changed := d.sinkhole("attribute[fixmystreet_id]", "4711", "media_url", "https://example.org/x.jpg")
	changed.Set("description", "Edited meanwhile")
	if again := d.made(changed); again.Code != first.Code || again.Description != first.Description {
		t.Errorf("with other words it is %+v", again)
	}
	rotated := d.sinkhole("attribute[fixmystreet_id]", "4711")
	rotated.Set("api_key", d.newKey("fixmystreet", civic.KeyRequests))
	if again := d.made(rotated); again.Code != first.Code {
		t.Error("the program's next key makes another report of it")
	}
	other := d.sinkhole("attribute[fixmystreet_id]", "4711")
	other.Set("api_key", d.newKey("another-town", civic.KeyRequests))
	if again := d.made(other); again.Code == first.Code {
		t.Error("another program's report of the same number is taken for it")
	}
	if a, b := d.made(d.sinkhole()), d.made(d.sinkhole()); a.Code == b.Code {
		t.Error("two reports without a number are one")
	}
}

func TestAReportThatWasRefusedIsTakenOnceItIsMended(t *testing.T) {
	d := newDoor(t)
	form := d.sinkhole("attribute[fixmystreet_id]", "1")
	form.Set("lat", "45.4642")
	if a := d.call("v2/requests.xml", form); a.status != http.StatusBadRequest {
		t.Fatalf("%d %s", a.status, a.body)
	}
	form.Set("lat", "37.76524078")
	if r := d.made(form); r.Source.ID != "1" {
		t.Errorf("report %+v", r)
	}
}

func TestReportsSentAgainAtOnceAreOne(t *testing.T) {
	d := newDoor(t)
	codes := make(chan string, 32)
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			form := d.sinkhole("attribute[fixmystreet_id]", "815")
			if i%2 == 0 {
				form.Set("description", "Other words")
			}
			res, err := http.PostForm(d.http.URL+"/open311/v2/requests.json", form)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close() //nolint:errcheck // only its status is wanted
			raw := make([]byte, 200)
			n, _ := res.Body.Read(raw) // a short answer comes whole
			if res.StatusCode != http.StatusCreated {
				t.Errorf("%d %s", res.StatusCode, raw[:n])
			}
			codes <- strings.SplitN(string(raw[:n]), `"`, 5)[3]
		})
	}
	all.Wait()
	close(codes)
	seen := map[string]int{}
	for c := range codes {
		seen[c]++
	}
	list, err := d.db.Reports(t.Context(), d.town.ID, civic.Filter{Limit: 100})
	if err != nil || len(list) != 1 || len(seen) != 1 {
		t.Errorf("%d reports, answers %v, %v", len(list), seen, err)
	}
}

func TestAttributesKeepTheirConditions(t *testing.T) {
	d := newDoor(t)
	ask := func(more ...string) url.Values {
		form := d.sinkhole(more...)
		form.Set("service_code", "DMV66")
		return form
	}
	r := d.made(ask("attribute[WHISHETN]", "124", "attribute[COLOURS][]", "red", "attribute[COLOURS][]", "green", "attribute[COLOURS]", "blue",
		"attribute[WHEN]", "2027-03-14T09:30:00+01:00", "attribute[PLATE]", "GE 123 AB", "attribute[MORE]", "one\ntwo", "attribute[NOTE]", "x",
		"attribute[unknown]", "x"))
	colours := slices.Sorted(slices.Values(r.Answers["COLOURS"]))
	if r.Answers["WHISHETN"][0] != "124" || !slices.Equal(colours, []string{"blue", "green", "red"}) || r.Answers["MORE"][0] != "one\ntwo" ||
		r.Answers["PLATE"][0] != "GE 123 AB" || len(r.Answers) != 5 {
		t.Errorf("answers %v", r.Answers)
	}
	for why, form := range map[string]url.Values{
		"a required one is missing": ask(),
		"a required one is empty":   ask("attribute[WHISHETN]", " "),
		"not in the list":           ask("attribute[WHISHETN]", "125"),
		"two of one":                ask("attribute[WHISHETN]", "123", "attribute[WHISHETN]", "124"),
		"no date":                   ask("attribute[WHISHETN]", "123", "attribute[WHEN]", "tomorrow"),
		"a string of two lines":     ask("attribute[WHISHETN]", "123", "attribute[PLATE]", "a\nb"),
		"not a number":              d.sinkhole("attribute[WHISPAWN]", "NaN"),
		"a number of letters":       d.sinkhole("attribute[WHISPAWN]", "12x"),
		"too long":                  ask("attribute[WHISHETN]", "123", "attribute[MORE]", strings.Repeat("x", 1001)),
	} {
		a := d.call("v2/requests.xml", form)
		if e := d.strict(a, "errors"); a.status != http.StatusBadRequest || !strings.Contains(e.at("error").child("description"), "attribute[") {
			t.Errorf("%s: %d %s", why, a.status, a.body)
		}
	}
}

func with(form url.Values, more ...string) url.Values {
	next := url.Values{}
	for k, v := range form {
		next[k] = slices.Clone(v)
	}
	for i := 0; i+1 < len(more); i += 2 {
		next.Add(more[i], more[i+1])
	}
	return next
}
