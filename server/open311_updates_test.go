package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// news lists what a key is told, as "status external: description".
func (d *door) news(key, query string) []element {
	d.t.Helper()
	return d.both("service_request_updates", "v2/servicerequestupdates?api_key="+key+query).kids
}

func statusesOf(list []element, code civic.Code) (all []string) {
	for _, e := range list {
		if e.child("service_request_id") == string(code) {
			all = append(all, e.child("status"))
		}
	}
	return all
}

// do makes an edit of a person of the town, whose telephone is three days late.
func (d *door) do(login string, r civic.ReportID, k civic.Kind, args any) {
	d.t.Helper()
	e := civictest.Edit(civictest.Actor(d.town, login), r, 1000, k, args)
	e.At = time.Now().AddDate(0, 0, -3)
	a, err := d.db.Apply(d.t.Context(), d.town.ID, e, 0)
	if err != nil || a.Status == civic.Refused {
		d.t.Fatalf("%s: %+v %v", k, a, err)
	}
}

const afterHash = civic.SHA256("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")

func TestTheWholeWayOfACaseIsTold(t *testing.T) {
	d := newDoor(t)
	began := time.Now().Add(-time.Second)
	r := d.made(d.sinkhole("attribute[fixmystreet_id]", "1"))
	step := func(login string, to civic.Status, more civic.TransitionArgs) {
		more.To = to
		d.do(login, r.ID, civic.KindTransition, more)
	}
	step("operator", civic.StatusAcknowledged, civic.TransitionArgs{})
	d.do("operator", r.ID, civic.KindAssign, civic.AssignArgs{Team: d.town.Teams[0].ID})
	step("operator", civic.StatusPlanned, civic.TransitionArgs{Month: "2027-03"})
	step("crew", civic.StatusInProgress, civic.TransitionArgs{})
	step("operator", civic.StatusWaiting, civic.TransitionArgs{For: "citizen"})
	step("operator", civic.StatusInProgress, civic.TransitionArgs{})
	d.do("operator", r.ID, civic.KindReply, civic.TextArgs{Text: "Only for you"})
	d.do("operator", r.ID, civic.KindReply, civic.TextArgs{Text: "We are on it & near", Public: true})
	d.do("operator", r.ID, civic.KindNote, civic.TextArgs{Text: "internal"})
	d.do("crew", r.ID, civic.KindAttach, civic.AttachArgs{SHA256: afterHash, Bytes: 10, Mime: "image/jpeg", Stage: civic.StageAfter})
	step("crew", civic.StatusResolved, civic.TransitionArgs{})
	a, err := d.db.Apply(t.Context(), d.town.ID, civic.SystemEdit(d.db.TownKey(d.town.ID), civic.EditID(r.ID), r.ID, civic.KindPhoto,
		civic.PhotoArgs{SHA256: afterHash, State: civic.PhotoReady, W: 10, H: 10}, "ready"), 0)
	if err != nil || a.Status != civic.Applied {
		t.Fatal(a, err)
	}
	d.do("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(afterHash)})

	list := d.news(d.key, "")
	want := []string{
		"investigating", "action_scheduled", "action_scheduled", "in_progress", "investigating", "in_progress", "in_progress", "fixed", "fixed",
	}
	if got := statusesOf(list, r.Code); !slices.Equal(got, want) {
		t.Fatalf("told %v, want %v", got, want)
	}
	var ids []string
	for i, e := range list {
		at, err := time.Parse(time.RFC3339, e.child("updated_datetime"))
		if err != nil || at.Before(began.Truncate(time.Second)) {
			t.Errorf("%s is told at %s, which is when the work was done", e.child("status"), at)
		}
		if e.child("description") == "" || strings.Contains(e.child("description"), "internal") || strings.Contains(e.child("description"), "Only for you") {
			t.Errorf("%s says %q", e.child("status"), e.child("description"))
		}
		if (e.child("media_url") != "") != (i == len(list)-1) {
			t.Errorf("%d: media_url %q", i, e.child("media_url"))
		}
		ids = append(ids, e.child("update_id"))
	}
	if list[6].child("description") != "We are on it & near" || list[4].child("external_status_code") != "waiting" {
		t.Errorf("updates %+v", list)
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != len(list) {
		t.Error("two updates have one id")
	}
	if private := d.news(d.newKey("other", civic.KeyUpdates), ""); len(private) != len(list) {
		t.Errorf("another program is told %d of %d public updates", len(private), len(list))
	}

	// It is not all right: open, once; then the citizen is content, which says nothing.
	if a := d.call("v2/servicerequestupdates.xml", d.update(r.Code, "1", "status", "REOPEN", "description", "It is back")); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	step("crew", civic.StatusResolved, civic.TransitionArgs{})
	if a := d.call("v2/servicerequestupdates.xml", d.update(r.Code, "2", "status", "FIXED", "description", "Thank you")); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got := statusesOf(d.news(d.key, ""), r.Code)[len(want):]; !slices.Equal(got, []string{"open", "fixed"}) {
		t.Errorf("after the contest: %v", got)
	}
	if now, err := d.db.Report(t.Context(), d.town.ID, r.ID); err != nil || now.Status != civic.StatusClosed {
		t.Errorf("the case is %s, %v", now.Status, err)
	}
	// What is hidden is told no more.
	d.do("operator", r.ID, civic.KindHide, civic.TargetArgs{Target: civic.TargetReport})
	if list := d.news(d.newKey("other", civic.KeyUpdates), ""); len(list) != 0 {
		t.Errorf("%d updates of a hidden report", len(list))
	}
}

func (d *door) update(code civic.Code, id string, more ...string) url.Values {
	form := url.Values{"api_key": {d.key}, "service_request_id": {string(code)}, "update_id": {id}, "updated_datetime": {time.Now().Format(time.RFC3339)}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return form
}

func TestHowCasesEnd(t *testing.T) {
	d := newDoor(t)
	for want, end := range map[string]func(civic.ReportID){
		"duplicate": func(r civic.ReportID) {
			d.do("operator", r, civic.KindTransition, civic.TransitionArgs{To: civic.StatusRejected, Reason: "Già segnalato"})
		},
		"not_councils_responsibility": func(r civic.ReportID) {
			d.do("operator", r, civic.KindTransition, civic.TransitionArgs{To: civic.StatusRejected, Reason: "non è del comune"})
		},
		"no_further_action": func(r civic.ReportID) {
			d.do("operator", r, civic.KindTransition, civic.TransitionArgs{To: civic.StatusRejected, Reason: "Parole mie"})
		},
		"no_further_action ": func(r civic.ReportID) {
			d.do("operator", r, civic.KindAssign, civic.AssignArgs{Team: d.town.Teams[0].ID})
			d.do("crew", r, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "Non c'era più"})
		},
		"fixed": func(r civic.ReportID) {
			d.do("operator", r, civic.KindAssign, civic.AssignArgs{Team: d.town.Teams[0].ID})
			d.do("crew", r, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "Chiuso con l'asfalto, macchina scarica"})
		},
	} {
		r := d.made(d.sinkhole())
		end(r.ID)
		got := statusesOf(d.news(d.key, ""), r.Code)
		if got[len(got)-1] != strings.TrimSpace(want) {
			t.Errorf("told %v, want %s", got, want)
		}
		e := d.both("service_requests", "v2/requests/"+string(r.Code)+"?extensions=true").at("request")
		if e.child("status") != "closed" || e.at("extended_attributes").child("detailed_status") != strings.TrimSpace(want) {
			t.Errorf("request %+v", e)
		}
	}
}

func TestAnUpdateFromOutsideCountsOnce(t *testing.T) {
	d := newDoor(t)
	r := d.made(d.sinkhole())
	var ids []string
	for _, words := range []string{"Still there", "Still there", "Still there, edited"} {
		a := d.call("v2/servicerequestupdates.xml", d.update(r.Code, "77", "description", words, "status", "OPEN", "email", "who@example.org", "last_name", "CANARY"))
		if a.status != http.StatusCreated {
			t.Fatalf("%d %s", a.status, a.body)
		}
		ids = append(ids, d.strict(a, "service_request_updates").at("request_update").child("update_id"))
	}
	now, err := d.db.Report(t.Context(), d.town.ID, r.ID)
	if err != nil || len(now.Messages) != 1 || ids[0] == "" || ids[0] != ids[1] || ids[1] != ids[2] {
		t.Fatalf("%d messages, ids %v, %v", len(now.Messages), ids, err)
	}
	texts, err := d.db.Texts(t.Context(), d.town.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for id, m := range now.Messages {
		if m.From != civic.RoleService || m.Channel != civic.ChannelOpen311 || m.Public || texts[civic.EditID(id)] != "Still there" {
			t.Errorf("message %+v %q", m, texts[civic.EditID(id)])
		}
	}
	if list := d.news(d.key, ""); len(statusesOf(list, r.Code)) != 0 {
		t.Errorf("what came from outside goes out again: %+v", list)
	}
	// The same number on another report is another update; a status alone has words.
	other := d.made(d.sinkhole())
	if a := d.call("v2/servicerequestupdates.json", d.update(other.Code, "77", "status", "closed")); a.status != http.StatusCreated {
		t.Errorf("%d %s", a.status, a.body)
	}
	texts, err = d.db.Texts(t.Context(), d.town.ID, other.ID)
	if err != nil || len(texts) != 1 {
		t.Errorf("texts %v, %v", texts, err)
	}
	for _, words := range texts {
		if !strings.Contains(words, "closed") || !strings.Contains(words, "fixmystreet") {
			t.Errorf("a status alone says %q", words)
		}
	}
	if now, err := d.db.Report(t.Context(), d.town.ID, other.ID); err != nil || now.Status != civic.StatusNew {
		t.Errorf("another program closed an open case: %s, %v", now.Status, err)
	}
}

func TestUpdatesHaveTheirWindow(t *testing.T) {
	d := newDoor(t)
	r := d.made(d.sinkhole())
	d.do("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusAcknowledged})
	now := time.Now()
	at := func(t time.Time) string { return url.QueryEscape(t.Format(time.RFC3339)) }
	for query, want := range map[string]int{
		"": 1,
		"&start_date=" + at(now.Add(-2*time.Hour)) + "&end_date=" + at(now): 1,
		"&end_date=" + at(now.Add(-time.Minute)):                            0,
		"&start_date=" + at(now.Add(time.Minute)):                           0,
		"&start_date=" + at(now.AddDate(0, 0, -20)):                         1,
		"&page=2&page_size=1":                                               0,
	} {
		if list := d.news(d.key, query); len(list) != want {
			t.Errorf("%q: %d updates, want %d", query, len(list), want)
		}
	}
	if a := d.call("v2/servicerequestupdates.xml?api_key="+d.key+"&start_date=x", nil); a.status != http.StatusBadRequest {
		t.Errorf("%d %s", a.status, a.body)
	}
	// A private report is told to the program that made it, without its words.
	private := d.made(url.Values{"api_key": {d.key}, "service_code": {"distress"}, "lat": {"37.76"}, "long": {"-122.42"}, "description": {"CANARY"}})
	d.do("operator", private.ID, civic.KindReply, civic.TextArgs{Text: "CANARY", Public: true})
	if list := d.news(d.key, ""); len(list) != 2 || strings.Contains(list[1].child("description"), "CANARY") {
		t.Errorf("its own program is told %+v", list)
	}
	if list := d.news(d.newKey("other", civic.KeyUpdates), ""); len(list) != 1 {
		t.Errorf("another program is told %d updates", len(list))
	}
	if a := d.call("v2/servicerequestupdates.xml", with(d.update(private.Code, "1", "description", "x"), "api_key", "")); a.status != http.StatusCreated {
		t.Errorf("its own program may write: %d %s", a.status, a.body)
	}
}

// A program acts on what it sent; on everybody's only by a key that says so.
func TestAProgramActsOnItsOwnReportsAlone(t *testing.T) {
	d := newDoor(t)
	r := d.made(d.sinkhole("attribute[fixmystreet_id]", "1"))
	update := func(name string, scopes ...string) int {
		return d.call("v2/servicerequestupdates.xml", url.Values{
			"api_key": {d.newKey(name, scopes...)}, "service_request_id": {string(r.Code)}, "update_id": {name + scopes[0]},
			"updated_datetime": {time.Now().UTC().Format(time.RFC3339)}, "status": {"CLOSED"}, "description": {"We say so"},
		}).status
	}
	if got := update("stranger", civic.KeyUpdates); got != http.StatusNotFound {
		t.Errorf("a program about what another has sent: %d", got)
	}
	if got := update("fixmystreet", civic.KeyUpdates); got != http.StatusCreated {
		t.Errorf("a program about its own: %d", got)
	}
	if got := update("office", civic.KeyEvery, civic.KeyUpdates); got != http.StatusCreated {
		t.Errorf("a program that may act on every case: %d", got)
	}
}
