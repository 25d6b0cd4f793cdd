package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestWithoutScriptThereAreAsManyInputsAsPhotos(t *testing.T) {
	p := newPages(t)
	a := p.get("/report")
	p.want(a, http.StatusOK, "data-max=\"5\"")
	if n := strings.Count(a.body, `type="file" name="photo"`); n != 5 {
		t.Errorf("%d inputs", n)
	}
}

func TestNotFixedIsNotSaidOfWhatIsOpen(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	a := p.post(page+"/contest", url.Values{"text": {"Manca ancora un pezzo"}})
	p.want(a, http.StatusOK, "È già aperta", "Manca ancora un pezzo")
	p.lacks(a, "L&#39;abbiamo riaperta")
	p.apply("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "Fatto"})
	p.want(p.post(page+"/contest", url.Values{"text": {"Si muove ancora"}}), http.StatusOK, "L&#39;abbiamo riaperta")
}

func TestAWrongAnswerIsToldFromNone(t *testing.T) {
	p := newPages(t, func(b *civic.Blueprint) {
		b.Services[0].Attributes = []civic.Attribute{{
			Code: "size", Datatype: civic.TypeOne, Required: true, Question: "Quanto grande?",
			Values: []civic.AttributeValue{{Key: "s", Name: "Come un piatto"}, {Key: "l", Name: "Come una sedia"}},
		}}
	})
	form := url.Values{"service": {"pothole"}, "asked": {"pothole"}, "address": {"v. Balbi 12"}, "seen": {"1"}}
	p.want(p.send("/report", form, nil), http.StatusUnprocessableEntity, "Rispondi a questa domanda")
	form.Set("attribute[size]", "xxl")
	a := p.send("/report", form, nil)
	p.want(a, http.StatusUnprocessableEntity, "Scegli una delle risposte qui sotto")
	p.lacks(a, "Rispondi a questa domanda")
}

func TestDocumentsHaveASizeAndTheirOwnWords(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	for i, hash := range []civic.SHA256{civic.SHA256(strings.Repeat("ab", 32)), civic.SHA256(strings.Repeat("cd", 32))} {
		mime := []string{civic.MimePDF, "image/jpeg"}[i]
		a, err := p.db.Apply(t.Context(), p.town.ID, civictest.Edit(civic.Actor{Role: civic.RoleCitizen, Proof: civic.ProofSecret}, r.ID, 1000, civic.KindAttach,
			civic.AttachArgs{SHA256: hash, Bytes: 1_234_567, Mime: mime, Stage: civic.StageReport}), 0)
		if err != nil || a.Status == civic.Refused {
			t.Fatal(a, err)
		}
	}
	p.want(p.get(page), http.StatusOK, "Una foto è in arrivo", "Un documento è in arrivo")
	ready := civic.PhotoArgs{SHA256: civic.SHA256(strings.Repeat("ab", 32)), State: civic.PhotoReady, Mime: civic.MimePDF, Bytes: 1_234_567}
	if _, err := p.db.Apply(t.Context(), p.town.ID, civictest.Edit(civic.System, r.ID, 1000, civic.KindPhoto, ready), 0); err != nil {
		t.Fatal(err)
	}
	p.want(p.get(page), http.StatusOK, "Scarica il documento 1 (PDF, 1,2 MB)")
	p.want(p.get(page+"?lang=en"), http.StatusOK, "Download document 1 (PDF, 1.2 MB)")
}

// TestAKindHasANameInEachLanguage reads a title that the form wrote.
func TestAKindHasANameInEachLanguage(t *testing.T) {
	p := newPages(t, func(b *civic.Blueprint) { b.Services[0].Names = map[string]string{"en": "Hole in the road"} })
	form := url.Values{"service": {"pothole"}, "address": {"v. Balbi 12"}, "seen": {"1"}}
	r, _ := p.report(form, nil)
	if r.Title != "Buca in strada, Via Balbi" {
		t.Errorf("title %q", r.Title)
	}
	p.want(p.get("/r/"+string(r.Code)+"?lang=en"), http.StatusOK, "Hole in the road, Via Balbi")
	p.forget()
	a := p.get("/r/" + string(r.Code) + "?lang=en")
	p.want(a, http.StatusOK, "Hole in the road, Via Balbi")
	p.lacks(a, "Buca in strada")
	p.want(p.get("/reports?lang=en"), http.StatusOK, "Hole in the road")
}

// A link that was pasted out of a sentence opens, and a code as somebody typed it.
func TestALinkOpensWithWhatFollowsIt(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	receipt, err := p.db.Receipt(t.Context(), p.town.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, tail := range []string{"", "/", ",", ").", ".", "%C2%BB"} {
		p.forget()
		p.want(p.get("/r/"+string(r.Code)+"?k="+receipt.Secret+tail), http.StatusOK, r.Code.Spoken())
		p.forget()
		p.want(p.get("/r/"+string(r.Code)+tail), http.StatusOK, r.Code.Spoken())
	}
	digits := string(r.Code[2:])
	for _, typed := range []string{digits, "#" + digits, "http://localhost/r/" + string(r.Code) + "?k=x", strings.ToLower(r.Code.Spoken())} {
		p.want(p.get("/r?code="+url.QueryEscape(typed)), http.StatusOK, r.Code.Spoken())
	}
}
