package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// asking gives the pothole questions, and the town help to ask for.
func asking(b *civic.Blueprint) {
	for i := range b.Services {
		if b.Services[i].Code == "pothole" {
			b.Services[i].Attributes = []civic.Attribute{
				{Code: "note", Datatype: civic.TypeString, Informs: true, Question: "Se ci passa un'auto, metti qualcosa di visibile."},
				{Code: "size", Datatype: civic.TypeOne, Required: true, Question: "Quanto è grande?", Values: []civic.AttributeValue{
					{Key: "plate", Name: "Come un piatto"}, {Key: "table", Name: "Come un tavolo"},
				}},
				{Code: "depth", Datatype: civic.TypeNumber, Question: "Quanti centimetri è profonda?", Hint: "Più o meno"},
			}
		}
	}
	b.Services = append(b.Services, civic.Service{
		ID: civictest.ID[civic.Service](b.ID, "tax"), Code: "tax", Name: "Aiuto con le tasse", Group: "Assistenza", Kind: "assistance",
		Public: civic.PublishNever, Contact: "optional", Desk: b.Desks[0].ID, FirstReplyMinutes: 480,
	})
}

// changed is a form with other values in some fields.
func changed(fields url.Values, pairs ...string) url.Values {
	next := url.Values{}
	for k, v := range fields {
		next[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		next[pairs[i]] = []string{pairs[i+1]}
	}
	return next
}

// contact is what an office knows of who reported.
func (p *pages) contact(report civic.ReportID) civic.Contact {
	p.t.Helper()
	body := json.RawMessage(`{"notes":{}}`)
	if err := p.db.Join(p.t.Context(), p.town.ID, []civic.Body{{ID: report, Whole: true, JSON: &body}}, civic.WhoToAnswer); err != nil {
		p.t.Fatal(err)
	}
	var got struct{ Reporter civic.Contact }
	if err := json.Unmarshal(body, &got); err != nil {
		p.t.Fatal(err)
	}
	return got.Reporter
}

func TestQuestionsAreASecondStepWithoutScript(t *testing.T) {
	p := newPages(t, asking)
	step := p.send("/report", hole, map[string][]byte{"a.jpg": picture(t)})
	p.want(step, http.StatusOK, "Manca poco", "Quanto è grande?", `name="asked" value="pothole"`, "metti qualcosa di visibile", "Più o meno",
		"Grande come un piatto", `name="kept"`) // what was written is still there
	if list, err := p.db.Reports(t.Context(), p.town.ID, civic.Filter{Limit: 9}); err != nil || len(list) != 0 {
		t.Fatalf("%d reports after the first step, %v", len(list), err)
	}
	asked := changed(hole, "asked", "pothole")
	p.want(p.send("/report", asked, nil), http.StatusUnprocessableEntity, "Rispondi a questa domanda", `href="#q-size"`, `id="q-size-wrong"`)
	p.want(p.send("/report", changed(asked, "attribute[size]", "plate", "attribute[depth]", "molto"), nil), http.StatusUnprocessableEntity, "Qui va un numero", `value="molto"`)
	p.want(p.send("/report", changed(asked, "attribute[size]", "house"), nil), http.StatusUnprocessableEntity, "Scegli una delle risposte qui sotto")
	r, thanks := p.report(changed(asked, "attribute[size]", "table", "attribute[depth]", "12,5"), nil)
	if r.Answers["size"][0] != "table" || r.Answers["depth"][0] != "12,5" {
		t.Errorf("answers %v", r.Answers)
	}
	p.want(thanks, http.StatusOK, "Quanto è grande?", "Come un tavolo")
	p.forget()
	p.lacks(p.get("/r/"+string(r.Code)), "Come un tavolo") // only the reporter sees them
	p.want(p.get("/report/questions?service=pothole"), http.StatusOK, "Quanto è grande?")
	if a := p.get("/report/questions?service=tree"); a.status != http.StatusOK || a.body != "" {
		t.Errorf("a service without questions has %q", a.body)
	}
	p.want(p.get("/report?service=pothole&lang=en"), http.StatusOK, "A few more questions", `lang="it">Come un piatto`)
}

func TestHowToAnswerIsKept(t *testing.T) {
	p := newPages(t)
	base := changed(hole, "prefers", "letter", "for", "mia madre", "hours", "dopo le 18", "answer_lang", "en", "deaf", "yes")
	p.want(p.send("/report", base, nil), http.StatusUnprocessableEntity, "Per una lettera serve il tuo indirizzo", `value="mia madre"`, `value="dopo le 18"`)
	p.want(p.send("/report", changed(base, "prefers", "phone"), nil), http.StatusUnprocessableEntity, "Hai scritto di non telefonare")
	p.want(p.send("/report", changed(base, "prefers", "pigeon"), nil), http.StatusUnprocessableEntity, "Scegli una di queste voci")
	p.want(p.send("/report", changed(base, "for", strings.Repeat("x", 300), "postal", "via Balbi 1"), nil), http.StatusUnprocessableEntity, "troppo lungo")
	r, _ := p.report(changed(base, "postal", "via Balbi 1\r\n16126 Genova\r\n"), nil)
	c := p.contact(r.ID)
	if c.Prefers != "letter" || c.Postal != "via Balbi 1, 16126 Genova" || c.For != "mia madre" || c.Hours != "dopo le 18" || c.Lang != "en" || !strings.Contains(c.Note, "Non telefonare") {
		t.Errorf("contact %+v", c)
	}
	p.forget()
	p.lacks(p.get("/r/"+string(r.Code)), "mia madre", "dopo le 18", "16126", "sorda")
}

func TestHelpIsAskedForWithoutAPlace(t *testing.T) {
	p := newPages(t, asking)
	p.want(p.get("/"), http.StatusOK, `href="/report?kind=assistance"`, "Chiedi aiuto a un ufficio")
	form := p.get("/report?kind=assistance")
	p.want(form, http.StatusOK, "Che aiuto ti serve?", `value="tax"`, `maxlength="600"`, `name="surname"`)
	p.lacks(form, `value="pothole"`, `name="address"`, `name="hazard"`)
	p.lacks(p.get("/report"), `value="tax"`)
	fields := url.Values{"kind": {"assistance"}, "service": {"tax"}}
	p.want(p.send("/report", fields, nil), http.StatusUnprocessableEntity, "Scrivi il tuo nome", "Scrivi il tuo cognome", "Lascia un telefono", "che cosa ti serve?")
	fields = changed(fields, "name", "Ada", "surname", "Verdi", "phone", "010 5555", "description", strings.Repeat("à", 601))
	p.want(p.send("/report", fields, nil), http.StatusUnprocessableEntity, "al massimo 600")
	r, thanks := p.report(changed(fields, "description", "Non capisco la bolletta", "lon", "8.85", "lat", "44.42"), nil)
	p.want(thanks, http.StatusOK, "La tua richiesta è arrivata", "Ti rispondiamo entro", "Non capisco la bolletta")
	p.lacks(thanks, "Lo cerchiamo noi")
	if r.Position != nil || r.Address != "" || r.Title != "Aiuto con le tasse" || r.Deadlines.FirstReply.IsZero() || p.contact(r.ID).Name != "Ada Verdi" {
		t.Errorf("report %+v, %+v", r, p.contact(r.ID))
	}
	p.forget()
	p.lacks(p.get("/r/"+string(r.Code)), "bolletta", "Ada")
	// Whoever chose it on the other form is asked what this one asks.
	p.want(p.send("/report", url.Values{"service": {"tax"}, "address": {"via Balbi"}}, nil), http.StatusUnprocessableEntity, "Scrivi il tuo cognome")
}

func TestTheServiceIsRatedAtOneTap(t *testing.T) {
	p := newPages(t)
	r, thanks := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	p.want(thanks, http.StatusOK, "Quanto è stato facile usare questo servizio?", `name="score" value="5"`)
	if n := strings.Count(thanks.body, `id="rate"`); n != 1 {
		t.Errorf("%d questions on the page", n)
	}
	voted := p.post(page+"/rate", url.Values{"score": {"2"}, "thanks": {"1"}, "rev": {"1"}})
	p.want(voted, http.StatusOK, "Grazie del voto", "Che cosa è stato difficile?", "PIN") // the receipt is still there
	p.want(p.post(page+"/rate", url.Values{"score": {"2"}, "answer": {"doubt", "other"}, "text": {"Troppe parole"}, "rev": {"2"}}), http.StatusOK, "abbiamo il tuo parere")
	kept, err := p.db.Report(t.Context(), p.town.ID, r.ID)
	if err != nil || kept.Rating == nil || kept.Rating.Score != 2 || len(kept.Rating.Answers) != 2 {
		t.Fatalf("rating %+v %v", kept.Rating, err)
	}
	p.want(p.post(page+"/rate", url.Values{"score": {"5"}, "rev": {"9"}}), http.StatusOK, "Che cosa ti è piaciuto?") // it stays open
	p.want(p.post(page+"/rate", url.Values{"score": {"6"}}), http.StatusUnprocessableEntity)
	p.want(p.post(page+"/rate", url.Values{"score": {"5"}, "answer": {"doubt"}}), http.StatusUnprocessableEntity)
	p.forget()
	p.want(p.post(page+"/rate", url.Values{"score": {"1"}}), http.StatusForbidden)
	p.lacks(p.get(page), "Quanto è stato facile", "Troppe parole")
}
