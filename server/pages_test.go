package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

func TestAReportWithoutScriptFromFormToThanks(t *testing.T) {
	p := newPages(t)
	form := p.get("/report")
	p.want(form, http.StatusOK, "Chiama\u00a0il\u00a0112", "Che cosa non va?", "da lunedì a venerdì\u00a08–17", `value="pothole"`, `tel:0101010`)
	p.lacks(form, `name="id" value=`, "<script>", "style=", "onclick")

	r, thanks := p.report(hole, map[string][]byte{"buca.jpg": picture(t)})
	p.want(thanks, http.StatusOK, "Ricevuta. Grazie!", r.Code.Spoken(), "Buca in strada, Via Balbi", "Una foto è in arrivo", "?k=")
	if strings.Contains(thanks.location, "k=") {
		t.Errorf("the secret stays in the address: %s", thanks.location)
	}
	if r.Position == nil || r.Address != "v. Balbi 12" || r.Channel != civic.ChannelWeb || len(r.Photos) != 1 || r.Title != "Buca in strada, Via Balbi" {
		t.Errorf("report %+v", r)
	}
	for hash := range r.Photos {
		if err := p.srv.RenderPhoto(t.Context(), p.town.ID, hash, []civic.ReportID{r.ID}); err != nil {
			t.Fatal(err)
		}
		own := p.get("/r/" + string(r.Code))
		media := "/media/reports/" + string(r.Code) + "/" + hash.PublicID() + "/320.jpg"
		p.want(own, http.StatusOK, media)
		if a := p.get(media); a.status != http.StatusOK || a.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("the reporter's photo is answered %d", a.status)
		}
		p.forget()
		p.lacks(p.get("/r/"+string(r.Code)), media, "Ada Verdi", "333 1234567")
		if a := p.get(media); a.status != http.StatusNotFound {
			t.Errorf("a photo nobody looked at is answered %d", a.status)
		}
	}
}

func TestAnUnknownStreetIsTheOfficesToFind(t *testing.T) {
	p := newPages(t)
	form := p.get("/report").body
	picture := regexp.MustCompile(`name="group" value="([a-z0-9]+)"`).FindStringSubmatch(form)[1]
	fields := url.Values{"group": {picture}, "address": {"via Inesistentissima 3"}}
	r, thanks := p.report(fields, nil) // one service behind the picture: the picture is enough
	p.want(thanks, http.StatusOK, "il posto lo trova l&#39;ufficio")
	if r.Position != nil || r.Address != "via Inesistentissima 3" {
		t.Errorf("report %+v", r)
	}
}

func TestAMistakeKeepsAllThatWasWritten(t *testing.T) {
	p := newPages(t)
	fields := url.Values{
		"title": {"Il mio titolo"}, "description": {"Dettagli <b>"}, "hazard": {"yes"}, "email": {"sbagliata"},
		"prefers": {"phone"}, "name": {"Ada"},
	}
	a := p.send("/report", fields, map[string][]byte{"bella.jpg": picture(t), "testo.jpg": []byte("no picture")})
	p.want(a, http.StatusUnprocessableEntity,
		"Ci sono 5 cose da sistemare", `href="#group-`, `href="#address"`, `href="#email"`, `href="#phone"`, `href="#photos"`, "testo.jpg",
		`value="Il mio titolo"`, "Dettagli &lt;b&gt;", `value="yes" checked`, `value="sbagliata"`, `value="phone" checked`,
		`value="Ada"`, `aria-invalid="true"`, `aria-describedby="address-hint address-wrong"`, "Un file è già arrivato")
	kept := regexp.MustCompile(`name="kept" value="([0-9a-f]{64}[.][^"]+)"`).FindStringSubmatch(a.body)
	if kept == nil {
		t.Fatal("the good photo is forgotten")
	}
	if list, err := p.db.Reports(t.Context(), p.town.ID, civic.Filter{Limit: 10}); err != nil || len(list) != 0 {
		t.Fatalf("%d reports were made, %v", len(list), err)
	}
	fields.Set("service", "pothole")
	fields.Set("address", "p.zza De Ferrari")
	fields.Set("email", "ada@example.org")
	fields.Set("phone", "010 123456")
	fields.Set("kept", kept[1])
	r, _ := p.report(fields, nil)
	if len(r.Photos) != 1 || !r.Hazard || r.Title != "Il mio titolo" {
		t.Errorf("report %+v", r)
	}
}

func TestSendingTwiceIsOneReport(t *testing.T) {
	p := newPages(t)
	fields := url.Values{
		"id": {civictest.NewID[civic.Report]().String()}, "nonce": {strings.Repeat("n", 22)}, "service": {"pothole"}, "address": {"via Balbi"},
	}
	one, _ := p.report(fields, nil)
	two, _ := p.report(fields, nil)
	if one.Code != two.Code {
		t.Errorf("two reports, %s and %s", one.Code, two.Code)
	}
	fields.Set("description", "altro")
	a := p.send("/report", fields, nil)
	p.want(a, http.StatusConflict, "è già arrivata", "data-fresh", ">altro</textarea>")
	p.lacks(a, fields.Get("id"), fields.Get("nonce"))
}

func TestWrongCodesAreAnsweredKindly(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	if a := p.get("/r?code=" + url.QueryEscape(strings.ToLower(r.Code.Spoken()))); a.location != "/r/"+string(r.Code) {
		t.Errorf("the code leads to %s", a.location)
	}
	wrong := "TT12345670"
	if _, err := civic.ParseCode(wrong); err == nil {
		wrong = "TT12345671"
	}
	p.want(p.get("/r?code="+wrong), http.StatusUnprocessableEntity, "Questo codice non torna", `value="`+wrong+`"`, `aria-invalid="true" autofocus`)
	p.want(p.get("/r?code=%3Cscript%3E"), http.StatusUnprocessableEntity, "&lt;script&gt;")
	p.want(p.get("/r?code="+string(civic.NewCode("TT", 1))), http.StatusNotFound, "non è pubblica, o non c&#39;è")
	p.want(p.get("/r/nonsense"), http.StatusNotFound, "Questo codice non torna", `value="nonsense"`)
	p.want(p.get("/r/"+string(civic.NewCode("TT", 1))), http.StatusNotFound, "non è pubblica, o non c&#39;è")
	p.want(p.get("/nowhere"), http.StatusNotFound, "Questa pagina non c&#39;è", "<nav")
}

func TestThePINOpensAndIsNotGuessed(t *testing.T) {
	p := newPages(t)
	r, thanks := p.report(hole, nil)
	pin := regexp.MustCompile(`<dd class="spoken">([0-9]{3} [0-9]{3})</dd>`).FindStringSubmatch(thanks.body)[1]
	page := "/r/" + string(r.Code)
	p.forget()
	p.lacks(p.get(page), "Scrivi all&#39;ufficio", pin)
	p.want(p.post(page+"/pin", url.Values{"pin": {"12"}}), http.StatusUnprocessableEntity, "sei numeri")
	bad := "000000"
	if strings.ReplaceAll(pin, " ", "") == bad {
		bad = "000001"
	}
	p.want(p.post(page+"/pin", url.Values{"pin": {bad}}), http.StatusForbidden, "Il PIN non è giusto", "pin-wrong")
	p.want(p.post(page+"/pin", url.Values{"pin": {pin}}), http.StatusTooManyRequests, "puoi riprovare tra 1 s")
	time.Sleep(time.Second)
	p.want(p.post(page+"/pin", url.Values{"pin": {pin}}), http.StatusOK, "Scrivi all&#39;ufficio")
	p.want(p.get(page), http.StatusOK, "Scrivi all&#39;ufficio")
	p.want(p.post(page+"/pin", url.Values{"pin": {bad}}), http.StatusOK, "Scrivi all&#39;ufficio") // the secret is here
	p.forget()
	// Strangers have tried too often: whoever opened it from here goes on doing so.
	for i := range storage.MaxCodeTries {
		_, _ = p.db.OpenByPIN(t.Context(), p.town.ID, r.ID, bad, fmt.Sprint(i), time.Now()) // refused, in two ways
	}
	p.want(p.post(page+"/pin", url.Values{"pin": {pin}}), http.StatusOK, "Scrivi all&#39;ufficio")
}

func TestTheSecretOfALinkBecomesACookie(t *testing.T) {
	p := newPages(t)
	r, thanks := p.report(hole, nil)
	link := regexp.MustCompile(`\?k=([A-Za-z0-9_-]{20,})"`).FindStringSubmatch(thanks.body)[1]
	page := "/r/" + string(r.Code)
	p.forget()
	p.lacks(p.get(page+"?k=wrong"), "Scrivi all&#39;ufficio")
	a := p.get(page + "?k=" + link + "&lang=en")
	p.want(a, http.StatusOK, "Write to the office")
	if a.location != page+"?lang=en" {
		t.Errorf("the link ends at %s", a.location)
	}
	at, err := url.Parse(p.http.URL)
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, c := range p.jar.Cookies(at) {
		names += c.Name + " "
	}
	if !strings.Contains(names, "r-"+string(r.Code)) {
		t.Errorf("cookies %s", names)
	}
	p.want(p.post(page+"/message", url.Values{"text": {"C'è ancora"}}), http.StatusOK, "C&#39;è ancora", "Message sent")
	p.forget()
	p.want(p.post(page+"/message", url.Values{"text": {"Sono un altro"}}), http.StatusForbidden, "PIN")
	p.want(p.post(page+"/contest", url.Values{"text": {"Sono un altro"}}), http.StatusForbidden, "PIN")
	p.lacks(p.get(page), "Sono un altro", "ancora")
}

func TestNotAllRightOpensAgainAndAllRightCloses(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	p.want(p.post(page+"/ok", nil), http.StatusUnprocessableEntity)
	p.apply("crew", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress})
	p.want(p.get(page), http.StatusOK, "Lavori in corso", "La squadra ha iniziato il lavoro")
	p.apply("crew", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "Buca chiusa con asfalto"})
	p.want(p.get(page), http.StatusOK, "È a posto?", "Buca chiusa con asfalto", "Risolta")
	p.want(p.post(page+"/contest", url.Values{"text": {"Si è riaperta"}}), http.StatusOK, "riaperta", "Si è riaperta", "Letta dall&#39;ufficio", "Hai detto che non è a posto")
	p.apply("operator", r.ID, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "Rifatta"})
	p.want(p.post(page+"/ok", nil), http.StatusOK, "Chiusa", "Hai detto che è a posto", "Grazie")
	p.want(p.post(page+"/ok", nil), http.StatusOK, "Chiusa") // twice is once
}

func TestNothingInternalReachesACitizen(t *testing.T) {
	p := newPages(t, func(b *civic.Blueprint) {
		for i := range b.Users {
			b.Users[i].Display = "NOME-" + b.Users[i].Login
		}
	})
	r, _ := p.report(hole, nil)
	page := "/r/" + string(r.Code)
	p.apply("operator", r.ID, civic.KindNote, civic.TextArgs{Text: "NOTA-INTERNA-1"})
	p.apply("crew", r.ID, civic.KindNote, civic.TextArgs{Text: "NOTA-INTERNA-2"})
	p.apply("operator", r.ID, civic.KindReply, civic.TextArgs{Text: "Solo per chi ha segnalato"})
	p.apply("operator", r.ID, civic.KindReply, civic.TextArgs{Text: "Per tutti quanti", Public: true})
	p.apply("operator", r.ID, civic.KindAssign, civic.AssignArgs{Team: civictest.ID[civic.Team](p.town.ID, "green")})
	own := p.get(page)
	p.want(own, http.StatusOK, "Solo per chi ha segnalato", "Per tutti quanti", "ufficio ti ha scritto")
	if n := strings.Count(own.body, "<strong>Affidata a una squadra</strong>") - 1; n != 1 { // once as the status
		t.Errorf("the handover is told %d times", n)
	}
	p.forget()
	public := p.get(page)
	p.want(public, http.StatusOK, "Per tutti quanti", "Ricevuta il")
	p.lacks(public, "Solo per chi ha segnalato", "Ada Verdi", "333 1234567", "Scrivi all&#39;ufficio")
	for _, a := range []answer{own, public, p.get("/"), p.get("/reports"), p.get("/service-levels")} {
		p.lacks(a, "NOTA-INTERNA", "NOME-", "Roads", "Green", "Lamps Ltd")
		for _, u := range p.town.Users {
			p.lacks(a, u.ID.String())
		}
	}
}

func TestAServiceThatIsNeverShown(t *testing.T) {
	p := newPages(t)
	fields := url.Values{"service": {"distress"}, "address": {"via Balbi 1"}, "description": {"SEGRETO-1"}, "title": {"SEGRETO-2"}}
	r, thanks := p.report(fields, nil)
	p.want(thanks, http.StatusOK, "SEGRETO-1")
	p.forget()
	a := p.get("/r/" + string(r.Code))
	p.want(a, http.StatusNotFound, "Questa segnalazione non è pubblica, o non c&#39;è", `name="pin"`)
	p.lacks(a, "SEGRETO", "Balbi", "Disagio", "Ricevuta", "Affidata")
	p.lacks(p.get("/reports"), "SEGRETO", string(r.Code))
	p.lacks(p.get("/"), "SEGRETO", string(r.Code))
}

func TestTheListHasFiltersAndGoesOn(t *testing.T) {
	p := newPages(t)
	p.want(p.get("/reports"), http.StatusOK, "La prima può essere la tua")
	for i := range 30 {
		lon, lat := 8.81+float64(i)/1000, 44.45
		service := "pothole"
		if i%2 == 1 {
			service = "tree"
		}
		e := civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, civic.CreateArgs{
			Service: service, Title: fmt.Sprintf("Numero %02d", i), Lon: &lon, Lat: &lat,
		})
		if a, err := p.db.Apply(t.Context(), p.town.ID, e, 0); err != nil || a.Status != civic.Applied {
			t.Fatalf("%+v %v", a, err)
		}
	}
	seen := map[string]bool{}
	next := "/reports?status=open"
	for pages := 0; next != ""; pages++ {
		a := p.get(next)
		p.want(a, http.StatusOK, `<option value="open" selected>`)
		for _, found := range regexp.MustCompile(`href="/r/([A-Z0-9]+)"`).FindAllStringSubmatch(a.body, -1) {
			if seen[found[1]] {
				t.Errorf("%s is listed twice", found[1])
			}
			seen[found[1]] = true
		}
		next = ""
		if more := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(a.body); more != nil {
			next = strings.ReplaceAll(more[1], "&amp;", "&")
		}
		if pages > 3 {
			t.Fatal("the list never ends")
		}
	}
	if len(seen) != 30 {
		t.Errorf("%d reports listed, want 30", len(seen))
	}
	trees := p.get("/reports?service=" + url.QueryEscape("Parchi e verde"))
	p.want(trees, http.StatusOK, "Albero")
	p.lacks(trees, "Numero") // their text is not public
	p.want(p.get("/reports?area=nonsense&status=nonsense"), http.StatusBadRequest, "Numero", "Non abbiamo capito il filtro")
	p.want(p.get("/reports?status=closed"), http.StatusOK, "Nessuna segnalazione con questi filtri")
}

func TestTheLanguageIsChosenOnceAndStays(t *testing.T) {
	p := newPages(t)
	p.want(p.get("/report"), http.StatusOK, `<html lang="it">`, `href="/report?lang=en"`)
	p.want(p.get("/report?lang=en"), http.StatusOK, `<html lang="en">`, "What is wrong?", `lang="it">Buca in strada`)
	p.want(p.get("/privacy"), http.StatusOK, `<html lang="en">`, "Your rights")
	p.want(p.post("/report", url.Values{}), http.StatusUnprocessableEntity, `<html lang="en">`, "things to put right")
	p.want(p.get("/?lang=it"), http.StatusOK, `<html lang="it">`)
	p.want(p.get("/accessibility"), http.StatusOK, `<html lang="it">`, "lettore di schermo")
	p.want(p.get("/service-levels"), http.StatusOK, "un giorno di lavoro", "10 giorni di lavoro", "Qui vedrai i tempi veri")
}

func TestEveryPageKeepsTheFrame(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	for _, path := range []string{"/", "/report", "/reports", "/r/" + string(r.Code), "/privacy", "/accessibility", "/service-levels", "/nowhere"} {
		for _, lang := range []string{"it", "en"} {
			a := p.get(path + "?lang=" + lang)
			for _, part := range []string{
				`<main id="main"`, `class="skip"`, `data-element="report-inefficiency"`, `data-element="accessibility-link"`,
				`data-element="privacy-policy-link"`, `<html lang="` + lang + `"`,
			} {
				if !strings.Contains(a.body, part) {
					t.Errorf("%s lacks %s", a.location, part)
				}
			}
			if n := strings.Count(a.body, "<h1"); n != 1 {
				t.Errorf("%s has %d first headings", a.location, n)
			}
			if missing := regexp.MustCompile(`page\.[a-z_]+\.[a-z_.]+|ZgotmplZ|<no value>`).FindString(a.body); missing != "" {
				t.Errorf("%s shows %s", a.location, missing)
			}
			if a.header.Get("Content-Security-Policy") == "" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: headers %v", a.location, a.header)
			}
		}
	}
}

func TestAProgramGetsAProblemAndNotAPage(t *testing.T) {
	p := newPages(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.http.URL+"/nowhere", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	var problem struct{ Code string }
	if err := json.NewDecoder(res.Body).Decode(&problem); err != nil || problem.Code != "not_found" || res.StatusCode != http.StatusNotFound {
		t.Errorf("%d %+v %v", res.StatusCode, problem, err)
	}
}

func TestWhatTravelsIsCompressedButNoSecret(t *testing.T) {
	p := newPages(t)
	r, _ := p.report(hole, nil)
	for path, want := range map[string]string{"/report": "gzip", "/": "gzip", "/r/" + string(r.Code): ""} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.http.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "br, gzip;q=0.9")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get("Content-Encoding"); got != want {
			t.Errorf("%s is sent as %q, want %q", path, got, want)
		}
	}
}
