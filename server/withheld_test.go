package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestWordsWithATelephoneAreNotPublicYet sends some by the form and lets a person
// look at them.
func TestWordsWithATelephoneAreNotPublicYet(t *testing.T) {
	p := newPages(t)
	r, thanks := p.report(url.Values{
		"service": {"pothole"}, "address": {"v. Balbi 12"}, "seen": {"1"}, "description": {"CANARY, chiamatemi al 333 1234567"},
	}, nil)
	p.want(thanks, http.StatusOK, "data-withheld", "una persona dell&#39;ufficio", "CANARY")
	p.forget()
	for _, path := range []string{"/r/" + string(r.Code), "/reports", "/api/v1/reports", "/api/v1/reports/" + string(r.Code), "/open311/v2/requests.json"} {
		a := p.get(path)
		p.want(a, http.StatusOK)
		p.lacks(a, "CANARY", "data-withheld")
	}
	p.apply("operator", r.ID, civic.KindPublish, map[string]any{"target": "report"})
	p.want(p.get("/r/"+string(r.Code)), http.StatusOK, "CANARY")
}

func contacts(b *civic.Blueprint) {
	for _, s := range []struct{ code, contact string }{{"verified", "verified"}, {"nobody", "none"}} {
		b.Services = append(b.Services, civic.Service{
			ID: civictest.ID[civic.Service](b.ID, s.code), Code: s.code, Name: "Tipo " + s.code, Group: "Strade e segnaletica", Kind: "issue",
			Public: civic.PublishPhotos, Contact: s.contact, Desk: b.Desks[0].ID,
		})
	}
}

// TestAServiceSaysWhetherItWantsAContact goes through the form and the office's own
// way in.
func TestAServiceSaysWhetherItWantsAContact(t *testing.T) {
	p := newPages(t, contacts)
	form := func(service string, more ...string) url.Values {
		v := url.Values{"service": {service}, "address": {"v. Balbi 12"}, "seen": {"1"}, "description": {"Vedi foto"}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	page := p.get("/report")
	p.want(page, http.StatusOK, `value="verified" data-contact="verified"`, `value="nobody" data-contact="none"`)
	p.want(p.send("/report", form("verified"), nil), http.StatusUnprocessableEntity, `id="phone-wrong"`, "per questo tipo")
	p.want(p.send("/report", form("verified", "phone", "12"), nil), http.StatusUnprocessableEntity, `id="phone-wrong"`)
	p.report(form("verified", "email", "ada@example.org"), nil)
	p.report(form("verified", "phone", "010 123456"), nil)
	r, _ := p.report(form("nobody", "email", "not an address", "name", "Ada Verdi", "prefers", "phone"), nil)
	if who := p.reporter(r); who != "" {
		t.Errorf("a service without contacts keeps %s", who)
	}
}

// reporter is what is kept of who reported, as the office's body has it.
func (p *pages) reporter(r civic.Report) string {
	p.t.Helper()
	raw := civic.Project(civic.ScopeDesk, &r)
	err := p.db.Join(p.t.Context(), p.town.ID, []civic.Body{{ID: r.ID, Whole: true, JSON: &raw}}, civic.WhoToAnswer)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, who, ok := strings.Cut(string(raw), `"reporter":`); ok {
		return who
	}
	return ""
}

// TestOpen311FollowsTheServicesContact sends what other programs send.
func TestOpen311FollowsTheServicesContact(t *testing.T) {
	d := newDoor(t)
	contacts(d.town)
	if err := d.db.SaveTown(t.Context(), d.town); err != nil {
		t.Fatal(err)
	}
	send := func(service string, more ...string) answer {
		t.Helper()
		form := d.sinkhole(more...)
		form.Set("service_code", service)
		form.Set("description", "Buca: chiama il 333 1234567")
		if len(more) == 0 {
			form.Del("email")
			form.Del("phone")
		}
		return d.call("v2/requests.json", form)
	}
	if a := send("verified"); a.status != http.StatusBadRequest || !strings.Contains(a.body, "telefono") {
		t.Errorf("without a contact: %d %s", a.status, a.body)
	}
	if a := send("verified", "email", "ada@example.org"); a.status != http.StatusCreated || !strings.Contains(a.body, "dati personali") {
		t.Errorf("with one: %d %s", a.status, a.body)
	}
	if a := send("nobody", "email", "ada@example.org"); a.status != http.StatusCreated {
		t.Errorf("with one that nobody wants: %d %s", a.status, a.body)
	}
}
