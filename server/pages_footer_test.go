package server_test

import (
	"net/http"
	"strings"
	"testing"

	"segnavia/civic"
)

func TestEveryPageHasTheOfficialLinksAndBothLanguages(t *testing.T) {
	for _, one := range newPages(t, asking).screens() {
		for _, part := range []string{
			`href="/report" data-element="report-inefficiency"`, `href="/accessibility" data-element="accessibility-link"`,
			`href="/privacy" data-element="privacy-policy-link"`, `hreflang="it"`, `hreflang="en"`, `href="#main"`,
		} {
			if strings.Count(one.body, part) != 1 {
				t.Errorf("%s: %d times %s", one.name, strings.Count(one.body, part), part)
			}
		}
		if strings.Count(one.body, "<h1") != 1 {
			t.Errorf("%s has %d first headings", one.name, strings.Count(one.body, "<h1"))
		}
	}
}

func TestDangerIsTheFirstThingOnTheForm(t *testing.T) {
	p := newPages(t, asking)
	for _, path := range []string{"/report", "/report?kind=assistance", "/report?lang=en"} {
		page := p.get(path)
		p.want(page, http.StatusOK, "112")
		danger, field := strings.Index(page.body, `class="danger-line"`), strings.Index(page.body, "<form")
		if danger < 0 || danger > field || danger > strings.Index(page.body, "<h1") {
			t.Errorf("%s: danger stands at %d, the form at %d", path, danger, field)
		}
	}
}

func TestTheDeclarationIsLinkedWhereTheTownHasOne(t *testing.T) {
	p := newPages(t, func(b *civic.Blueprint) { b.Declaration = "https://form.example.org/view/1" })
	p.want(p.get("/"), http.StatusOK, `<a href="https://form.example.org/view/1" data-element="accessibility-link">`, `<a href="/accessibility">`)
	p.want(p.get("/accessibility"), http.StatusOK, `<p class="soft"><a href="https://form.example.org/view/1">`)
	p = newPages(t, func(b *civic.Blueprint) { b.Declaration = "javascript:alert(1)" })
	p.lacks(p.get("/accessibility"), "javascript:")
}

func TestTheReceiptCanBeSeenAndPrintedAgain(t *testing.T) {
	p := newPages(t)
	r, thanks := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	p.want(p.get(page), http.StatusOK, `href="`+page+`?thanks=1"`, "Stampa la ricevuta")
	again := p.get(page + "?thanks=1")
	p.want(again, http.StatusOK, "Ricevuta. Grazie!", r.Code.Spoken(), "PIN")
	p.lacks(thanks, "Stampa la ricevuta")
	p.forget()
	p.lacks(p.get(page+"?thanks=1"), "Ricevuta. Grazie!")
}
