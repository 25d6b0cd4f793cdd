package server_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
	"segnavia/storage"
)

func (p *pages) followers(id civic.ReportID) int {
	p.t.Helper()
	r, err := p.db.Report(p.t.Context(), p.town.ID, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.Followers
}

// near is a public report at a place, with a photo that a person let through.
func (p *pages) near() civic.Report {
	p.t.Helper()
	r, _ := p.report(changed(hole, "title", "Buca davanti al forno"), map[string][]byte{"a.jpg": picture(p.t)})
	r, err := p.db.Report(p.t.Context(), p.town.ID, r.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	for hash := range r.Photos {
		if _, err := p.db.Apply(p.t.Context(), p.town.ID, civictest.Edit(civic.Actor{Role: civic.RoleSystem}, r.ID, 1000, civic.KindPhoto, civic.PhotoArgs{
			SHA256: hash, State: civic.PhotoReady, W: 400, H: 300,
		}), 0); err != nil {
			p.t.Fatal(err)
		}
		p.apply("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: "photo", ID: string(hash)})
	}
	p.forget()
	return r
}

func TestSimilarOnesAreShownBeforeWriting(t *testing.T) {
	p := newPages(t)
	r := p.near()
	form := p.get("/report")
	p.want(form, http.StatusOK, "<noscript><button", `name="step" value="near"`)
	p.want(p.send("/report", url.Values{"step": {"near"}}, nil), http.StatusUnprocessableEntity, "Scrivi prima la via")
	known := p.send("/report", url.Values{"step": {"near"}, "address": {"via Balbi"}, "title": {"Il mio"}}, nil)
	p.want(known, http.StatusOK, "Buca davanti al forno", "Grande come un piatto", "/media/reports/"+string(r.Code),
		`formaction="/r/`+string(r.Code)+`/follow"`, `value="Il mio"`, `name="seen" value="1"`)
	p.want(p.send("/report", url.Values{"step": {"near"}, "address": {"Piazza De Ferrari"}}, nil), http.StatusOK, "Qui vicino non c&#39;è nulla di aperto")

	// Who writes without looking is shown the same thing once, then taken at their word.
	fresh := changed(hole, "address", "via Balbi", "phone", "", "prefers", "")
	step := p.send("/report", fresh, nil)
	p.want(step, http.StatusOK, "Forse lo sappiamo già", "Buca davanti al forno", "Grande come un piatto")
	if other, _ := p.report(changed(fresh, "seen", "1"), nil); other.Code == r.Code {
		t.Error("it is the same report")
	}
	p.lacks(p.send("/report", changed(fresh, "service", "distress"), nil), "Buca davanti al forno")
}

func TestMeTooCountsEachOnce(t *testing.T) {
	p := newPages(t)
	r := p.near()
	page := "/r/" + string(r.Code)
	p.want(p.get(page), http.StatusOK, "Lo vedi anche tu?", "Anch&#39;io")
	for range 3 {
		p.want(p.post(page+"/follow", nil), http.StatusOK, "ti abbiamo contato", "Anche un&#39;altra persona")
	}
	p.lacks(p.get(page), "Lo vedi anche tu?")
	if n := p.followers(r.ID); n != 1 {
		t.Fatalf("%d followers, want 1", n)
	}
	heard := p.post(page+"/follow", url.Values{"hear_email": {"ada@example.org"}})
	p.want(heard, http.StatusOK, "finché non confermi non ti mandiamo altro", "Ti scriviamo noi")
	if n := p.followers(r.ID); n != 1 {
		t.Errorf("leaving an e-mail counts again: %d", n)
	}
	// The same e-mail from two other browsers counts once more, not twice.
	for range 2 {
		p.forget()
		p.want(p.post(page+"/follow", url.Values{"hear_email": {"Bea@example.org"}}), http.StatusOK)
	}
	if n := p.followers(r.ID); n != 2 {
		t.Errorf("%d followers, want 2", n)
	}
	p.forget()
	p.want(p.post(page+"/follow", url.Values{"hear_email": {"no"}}), http.StatusUnprocessableEntity, "non è completa")
	p.want(p.get("/reports"), http.StatusOK, "Anche altre 2 persone")
	for _, a := range []answer{p.get(page), p.get("/reports"), p.get("/api/v1/reports/" + string(r.Code))} {
		p.lacks(a, "example.org")
	}
	p.want(p.post("/r/"+string(civic.NewCode("TT", 1))+"/follow", nil), http.StatusNotFound)
}

func TestAWishEndsByAPostAndNotByALink(t *testing.T) {
	p := newPages(t)
	r := p.near()
	page := "/r/" + string(r.Code)
	heard := p.post(page+"/follow", url.Values{"hear_phone": {"010 5550000"}})
	link := strings.ReplaceAll(regexp.MustCompile(`/subscriptions/[0-9a-f-]{36}\?k=[^"]+`).FindString(heard.body), "&amp;", "&")
	for range 2 { // opening changes nothing
		p.want(p.get(link), http.StatusOK, "Non ti scriviamo più della segnalazione "+r.Code.Spoken(), `name="k"`)
	}
	p.want(p.get(page), http.StatusOK, "Ti scriviamo noi")
	at, secret, _ := strings.Cut(link, "?k=")
	p.want(p.post(at, url.Values{"k": {"wrong"}}), http.StatusNotFound)
	p.want(p.get(at+"?k=wrong"), http.StatusNotFound)
	for range 2 { // sent twice is ended once
		p.want(p.post(at, url.Values{"k": {secret}}), http.StatusOK, "Abbiamo tolto il tuo indirizzo")
	}
	p.want(p.get(link), http.StatusNotFound)
	p.lacks(p.get(page), "Ti scriviamo noi")
}

func TestNewsOfAnArea(t *testing.T) {
	p := newPages(t)
	p.want(p.get("/reports"), http.StatusOK, `href="/subscriptions"`)
	area := ""
	for _, a := range p.town.Areas {
		if !a.Outside {
			area = a.ID.String()
		}
	}
	p.want(p.get("/reports?area="+area), http.StatusOK, `href="/subscriptions?area=`+area+`"`)
	p.want(p.get("/subscriptions?area="+area), http.StatusOK, `value="`+area+`" selected`)
	p.want(p.post("/subscriptions", url.Values{"area": {area}}), http.StatusUnprocessableEntity, "Scrivi una e-mail o un telefono")
	p.want(p.post("/subscriptions", url.Values{"area": {"x"}, "hear_email": {"ada@example.org"}}), http.StatusUnprocessableEntity, "Scegli una zona")
	done := p.post("/subscriptions", url.Values{"area": {area}, "hear_email": {"ada@example.org"}})
	p.want(done, http.StatusOK, "Finché non confermi non ti mandiamo altro")
	link := regexp.MustCompile(`/subscriptions/[0-9a-f-]{36}\?k=[^"]+`).FindString(done.body)
	p.want(p.get(link), http.StatusOK, "Non ti scriviamo più le novità di")
	at, secret, _ := strings.Cut(link, "?k=")
	p.want(p.post(at, url.Values{"k": {secret}}), http.StatusOK, "Fatto")
}

func TestErasureIsARequestWithADeadline(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	p.want(p.get(page), http.StatusOK, "Cancella i miei dati", "entro un mese")
	for range 2 {
		p.want(p.post(page+"/erase", nil), http.StatusOK, "Richiesta ricevuta", "Lo hai già chiesto", "Chiedo di cancellare i miei dati")
	}
	asked, err := p.db.Erasure(t.Context(), p.town.ID, r.ID)
	if err != nil || asked.Due != civic.ErasureDue(asked.Asked) {
		t.Fatalf("request %+v %v", asked, err)
	}
	kept, err := p.db.Report(t.Context(), p.town.ID, r.ID)
	if err != nil || kept.Erased || len(kept.Messages) != 1 || p.contact(r.ID).Name != "Ada Verdi" {
		t.Errorf("%d messages, erased %v, %v", len(kept.Messages), kept.Erased, err) // it destroys nothing by itself
	}
	if kept.EraseBy.IsZero() {
		t.Error("the desk has no deadline")
	}
	p.apply("operator", r.ID, civic.KindErasure, civic.ErasureArgs{What: "answered"})
	p.want(p.get(page), http.StatusOK, "Ti abbiamo risposto")
	p.forget()
	p.want(p.post(page+"/erase", nil), http.StatusForbidden)
}

// TestNobodyFollowsAHundredTimes says "me too" without ever bringing a browser's
// mark: a class behind one address counts, a loop does not.
func TestNobodyFollowsAHundredTimes(t *testing.T) {
	p := newPages(t)
	r := p.near()
	refused := 0
	for range 60 {
		p.forget()
		if a := p.post("/r/"+string(r.Code)+"/follow", nil); a.status == http.StatusTooManyRequests {
			refused++
		}
	}
	if n := p.followers(r.ID); n < 25 || n > 35 || refused != 60-n {
		t.Errorf("%d follow, %d were refused", n, refused)
	}
}

// forgetful is a database that cannot say now whether somebody wished before.
type forgetful struct{ *storage.DB }

func (forgetful) Subscription(context.Context, civic.JurisdictionID, civic.SubscriptionID, string) (civic.Subscription, error) {
	return civic.Subscription{}, civic.ErrBusy
}

// TestAWishIsNotMadeTwiceForWantOfAnAnswer asks for news where the wish of before
// cannot be looked for: a second one would tell everything twice.
func TestAWishIsNotMadeTwiceForWantOfAnAnswer(t *testing.T) {
	f := newTowns(t, false)
	f.http = f.again(func(o *server.Options) { o.Store = forgetful{f.db} })
	html := []string{"Accept", "text/html", "Cookie", "v=" + uuid.NewString()}
	for path, form := range map[string]string{
		"/r/{}/follow":   "hear_email=ada@example.org",
		"/subscriptions": "hear_email=ada@example.org&area=" + f.a.Areas[0].ID.String(),
	} {
		if got := f.seen("POST", path, form, string(f.code), html...); !strings.HasPrefix(got, "503") {
			t.Errorf("%s: %.100s", path, got)
		}
	}
	if got := f.seen("GET", "/r/{}", "", string(f.code), html...); !strings.HasPrefix(got, "503") {
		t.Errorf("the page says that nobody hears: %.100s", got)
	}
	conn, err := pgx.Connect(t.Context(), f.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	var wishes int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM subscription`).Scan(&wishes); err != nil || wishes != 0 {
		t.Errorf("%d wishes, %v", wishes, err)
	}
}
