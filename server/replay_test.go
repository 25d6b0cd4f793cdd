package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// nonces of a sender and of somebody else: base64url of 24 bytes.
var mine, theirs = strings.Repeat("bWlu", 8), strings.Repeat("b3Ro", 8)

// TestAReplayGivesItsReceiptToItsSenderAlone sends each report again as everybody,
// in both towns: whoever knows the words learns nothing by repeating them.
func TestAReplayGivesItsReceiptToItsSenderAlone(t *testing.T) {
	f := newTowns(t, false)
	anonymous := f.callers[slices.IndexFunc(f.callers, func(c caller) bool { return c.name == "anonymous" })]
	body := func(id civic.ReportID, nonce, title string) string {
		return fmt.Sprintf(`{"id":%q,"nonce":%q,"service":"pothole","lon":8.85,"lat":44.45,"title":%q}`, id, nonce, title)
	}
	type created struct{ URL, PIN, Code string }
	post := func(c caller, host, body string) (int, created, string) {
		status, raw := f.ask(c, host, "POST", "/api/v1/reports", body)
		var got created
		_ = json.Unmarshal([]byte(raw), &got) // an error is none of these
		return status, got, raw
	}
	id := civictest.NewID[civic.Report]()
	status, first, _ := post(anonymous, "a.test", body(id, mine, "x"))
	if status != http.StatusCreated || first.PIN == "" || first.URL == "" {
		t.Fatalf("%d %+v", status, first)
	}
	if status, again, _ := post(anonymous, "a.test", body(id, mine, "x")); status != http.StatusCreated || again != first {
		t.Errorf("the sender's own repeat: %d %+v", status, again)
	}
	for _, c := range f.callers {
		for _, nonce := range []string{"", theirs} {
			status, got, raw := post(c, "a.test", body(id, nonce, "x"))
			if got.URL+got.PIN != "" || strings.Contains(raw, first.Code) || strings.Contains(raw, first.PIN) {
				t.Errorf("%s with nonce %q is given %s", c.name, nonce, raw)
			}
			known := c.cookie == nil && !c.bearer && c.token == nil || c.name == "citizen"
			if known && (status != http.StatusOK || !strings.Contains(raw, `"known":true`)) {
				t.Errorf("%s with nonce %q: %d %s", c.name, nonce, status, raw)
			}
			if !known && status != http.StatusConflict && status != http.StatusUnauthorized && status != http.StatusForbidden {
				t.Errorf("%s with nonce %q: %d %s", c.name, nonce, status, raw)
			}
		}
		if status, _, _ := post(c, "a.test", body(id, mine, "y")); status < 400 {
			t.Errorf("%s with other words: %d", c.name, status)
		}
		// In the other town the id names another report, with secrets of its own.
		status, got, _ := post(c, "b.test", body(id, mine, "x"))
		if status == http.StatusCreated && got.URL == first.URL || got.PIN == first.PIN {
			t.Errorf("%s gets the secrets of one town from the other: %+v", c.name, got)
		}
	}

	// What came without a nonce, as from an older client, has arrived and no more.
	old := civictest.NewID[civic.Report]()
	if status, got, _ := post(anonymous, "a.test", body(old, "", "x")); status != http.StatusCreated || got.PIN == "" {
		t.Errorf("a report without a nonce: %d %+v", status, got)
	}
	for _, nonce := range []string{"", mine} {
		if status, got, raw := post(anonymous, "a.test", body(old, nonce, "x")); status != http.StatusOK || got != (created{}) {
			t.Errorf("its repeat with %q: %d %s", nonce, status, raw)
		}
	}
	if status, _, _ := post(anonymous, "a.test", body(civictest.NewID[civic.Report](), "c2hvcnQ", "x")); status != http.StatusUnprocessableEntity {
		t.Errorf("a nonce that can be guessed: %d", status)
	}

	// A person of the town hall is known by their session.
	operator := f.callers[slices.IndexFunc(f.callers, func(c caller) bool { return c.name == "operator" })]
	called := civictest.NewID[civic.Report]()
	_, one, _ := post(operator, "a.test", body(called, "", "x"))
	if status, two, _ := post(operator, "a.test", body(called, "", "x")); status != http.StatusCreated || one != two || one.PIN == "" {
		t.Errorf("an operator's repeat: %d %+v, %+v", status, one, two)
	}
}

// TestAnEditAgainIsItsAuthorsAlone sends an edit of the crew's again as everybody.
func TestAnEditAgainIsItsAuthorsAlone(t *testing.T) {
	f := newTowns(t, false)
	edit := fmt.Sprintf(`{"id":%q,"report":%q,"base_rev":9,"kind":"note","args":{"text":"CANARY-REPLAY"}}`,
		civictest.NewID[civic.Edit](), f.report)
	for _, host := range []string{"a.test", "b.test"} {
		for _, c := range append([]caller{f.callers[slices.IndexFunc(f.callers, func(c caller) bool { return c.name == "crew" })]}, f.callers...) {
			status, raw := f.ask(c, host, "POST", "/api/v1/edits", edit)
			if applied := strings.Contains(raw, `"applied"`); applied != (c.name == "crew" && host == "a.test") {
				t.Errorf("%s at %s: %d %s", c.name, host, status, raw)
			}
		}
	}
	if r, err := f.db.Report(t.Context(), f.a.ID, f.report); err != nil || len(r.Notes) != 2 {
		t.Errorf("%d notes, %v; want the canary and one more", len(r.Notes), err)
	}
}

// TestNoDoorTakesAnIDOfTheServers offers ids of the versions that only the server
// makes, at every door that takes one.
func TestNoDoorTakesAnIDOfTheServers(t *testing.T) {
	f := newTowns(t, false)
	for version, id := range map[int]string{
		5: civic.DeriveID[civic.Report](f.a.ID, "x").String(),
		8: civic.KeyedID[civic.Report](civic.TownKey{}, f.a.ID, "x").String(),
	} {
		for _, c := range f.callers {
			status, raw := f.ask(c, "a.test", "POST", "/api/v1/reports", `{"id":"`+id+`","service":"pothole","lon":8.85,"lat":44.45}`)
			if want := http.StatusBadRequest; status != want && status != http.StatusUnauthorized && status != http.StatusForbidden ||
				status == want && !strings.Contains(raw, `"bad_edit"`) {
				t.Errorf("a report of version %d as %s: %d %s", version, c.name, status, raw)
			}
			for _, edit := range []string{
				`{"id":"` + id + `","report":"{report}","kind":"note","args":{"text":"x"}}`,
				`{"id":"{new}","report":"` + id + `","kind":"create","args":{"service":"pothole","lon":8.85,"lat":44.45}}`,
			} {
				if _, raw := f.ask(c, "a.test", "POST", "/api/v1/edits", edit); strings.Contains(raw, `"results"`) && !strings.Contains(raw, `"bad_edit"`) {
					t.Errorf("an edit of version %d as %s: %s", version, c.name, raw)
				}
			}
		}
		if status, _ := f.ask(caller{}, "a.test", "POST", "/report", "service=pothole&lon=8.85&lat=44.45&id="+id); status != http.StatusBadRequest {
			t.Errorf("a form of version %d: %d", version, status)
		}
		if _, err := f.db.Report(t.Context(), f.a.ID, civic.MustID[civic.Report](id)); err == nil {
			t.Errorf("the report of version %d was made", version)
		}
	}
}

var pageNonce = regexp.MustCompile(`name="nonce" value="([^"]+)"`)

// TestAPageWithoutScriptMakesOneReport presses twice, goes back, and goes the long
// way round; the same words from another page are another report.
func TestAPageWithoutScriptMakesOneReport(t *testing.T) {
	p := newPages(t)
	page := p.get("/report?nonce=" + mine)
	p.want(page, http.StatusOK, `name="id"`)
	if page.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page may be kept: %q", page.header.Get("Cache-Control"))
	}
	found := pageNonce.FindStringSubmatch(page.body)
	if found == nil || found[1] == mine {
		t.Fatalf("the page's nonce is %v; a link may not choose it", found)
	}
	if other := pageNonce.FindStringSubmatch(p.get("/report").body); other == nil || other[1] == found[1] {
		t.Errorf("two pages have one nonce: %v", other)
	}
	form := changed(hole, "nonce", found[1])
	// An address that nobody knows is asked for; the page goes on with its nonce.
	p.want(p.send("/report", changed(form, "address", ""), nil), http.StatusUnprocessableEntity, found[1])
	one, thanks := p.report(form, nil)
	p.want(thanks, http.StatusOK, "data-done")
	p.forget() // the answer was lost, its cookie with it
	two, thanks := p.report(form, nil)
	p.want(thanks, http.StatusOK, "data-done")
	if one.ID != two.ID || !one.ID.Reserved() {
		t.Errorf("two reports, %s and %s", one.ID, two.ID)
	}
	said := p.send("/report", changed(form, "description", "Più grande"), nil)
	p.want(said, http.StatusConflict, "è già arrivata")
	p.lacks(said, found[1])

	// A browser that asks for the page anew on the way back, and puts the words into it.
	again := changed(hole, "nonce", pageNonce.FindStringSubmatch(p.get("/report").body)[1])
	back, _ := p.report(again, nil)
	if back.ID != one.ID {
		t.Errorf("on the way back the same words are another report, %s and %s", one.ID, back.ID)
	}
	p.want(p.send("/report", changed(again, "description", "Un'altra"), nil), http.StatusOK, "Forse lo sappiamo già")

	// Without the nonce the same words are not a repeat: they may be a duplicate.
	p.forget()
	for _, nonce := range []string{"", theirs} {
		again := p.send("/report", changed(hole, "nonce", nonce), nil)
		p.want(again, http.StatusOK, "Forse lo sappiamo già", one.Code.Spoken()[:2])
		other, _ := p.report(changed(hole, "nonce", nonce, "seen", "1"), nil)
		if other.ID == one.ID {
			t.Errorf("the same words with nonce %q are the same report", nonce)
		}
	}
	p.want(p.send("/report", changed(hole, "nonce", "short"), nil), http.StatusUnprocessableEntity)

	// After the likes of it were shown, too.
	p.forget()
	third := changed(hole, "nonce", pageNonce.FindStringSubmatch(p.get("/report").body)[1])
	step := p.send("/report", third, nil)
	p.want(step, http.StatusOK, "Forse lo sappiamo già", third.Get("nonce"))
	a, _ := p.report(changed(third, "seen", "1"), nil)
	b, _ := p.report(third, nil) // back to the first page
	if a.ID != b.ID {
		t.Errorf("two reports after the likes of it: %s and %s", a.Code, b.Code)
	}
}

// TestAScriptIsToldWhatIsKnown sends what the worker sends: a draft with its nonce,
// and one of before there were any.
func TestAScriptIsToldWhatIsKnown(t *testing.T) {
	p := newPages(t)
	send := func(id civic.ReportID, nonce string) answer {
		fields := changed(hole, "id", id.String(), "nonce", nonce)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.http.URL+"/report", strings.NewReader(fields.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return p.script(req)
	}
	id, old := civictest.NewID[civic.Report](), civictest.NewID[civic.Report]()
	for _, a := range []answer{send(id, mine), send(id, mine), send(old, "")} {
		if a.status != http.StatusCreated || !strings.Contains(a.body, `"code"`) || a.header.Get("Set-Cookie") == "" {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	for _, a := range []answer{send(id, ""), send(id, theirs), send(old, ""), send(old, mine)} {
		if a.status != http.StatusOK || !strings.Contains(a.body, `"known":true`) || strings.Contains(a.body, "code") || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%d %s %v", a.status, a.body, a.header)
		}
	}
}

// TestAPartnersIDIsNobodyElses takes the id that a partner's report had before ids
// were keyed: the partner still makes its own, and the stranger's stays theirs.
func TestAPartnersIDIsNobodyElses(t *testing.T) {
	d := newDoor(t)
	const what = "open311\x00fixmystreet\x00123"
	taken := civic.DeriveID[civic.Report](d.town.ID, what)
	lon, lat := -122.45, 37.75
	a, err := d.db.Apply(t.Context(), d.town.ID, civictest.Edit(civictest.Citizen, taken, 0, civic.KindCreate, civic.CreateArgs{
		Service: "001", Lon: &lon, Lat: &lat, Title: "A stranger's",
	}), 0)
	if err != nil || a.Status != civic.Applied {
		t.Fatalf("%+v %v", a, err)
	}
	stranger, err := d.db.Report(t.Context(), d.town.ID, taken)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"api_key": {d.key}, "service_code": {"001"}, "lat": {"37.75"}, "long": {"-122.45"}, "description": {"x"},
		"attribute[fixmystreet_id]": {"123"},
	}
	first := d.call("v2/requests.json", form)
	again := d.call("v2/requests.json", form)
	if first.status != http.StatusCreated || first.body != again.body || strings.Contains(first.body, string(stranger.Code)) {
		t.Fatalf("%d %s, then %s", first.status, first.body, again.body)
	}
	if tokens := d.call("v2/tokens/"+taken.String()+".json", nil); tokens.status != http.StatusNotFound {
		t.Errorf("a token for what did not come by this door: %d %s", tokens.status, tokens.body)
	}
	if tokens := d.call("v2/tokens/"+civic.KeyedID[civic.Report](d.db.TownKey(d.town.ID), d.town.ID, what).String()+".json", nil); tokens.status != http.StatusOK {
		t.Errorf("a token of the partner's: %d", tokens.status)
	}
}

// script sends a request as the form's own script does.
func (p *pages) script(req *http.Request) answer {
	p.t.Helper()
	req.Header.Set("Accept", "application/json")
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{res.StatusCode, "", string(body), res.Header}
}

// TestALaterReportCountsOnce sends what one browser without script may in a morning:
// each counts once, though what was sent before is looked at first.
func TestALaterReportCountsOnce(t *testing.T) {
	p := newPages(t)
	for n := range 15 { // of the twenty that are shown unseen
		nonce := pageNonce.FindStringSubmatch(p.get("/report").body)[1]
		fields := changed(hole, "nonce", nonce, "description", fmt.Sprint("Numero ", n))
		p.want(p.send("/report", fields, nil), http.StatusOK) // the likes of it are shown first
		r, _ := p.report(changed(fields, "seen", "1"), nil)
		if r.Hidden {
			t.Fatalf("number %d waits for a person", n+1)
		}
	}
}
