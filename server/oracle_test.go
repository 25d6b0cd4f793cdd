package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
)

// seen is all of an answer that its reader may compare, with the code left out.
func (f *towns) seen(method, path, body, code string, headers ...string) string {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.http.URL+strings.ReplaceAll(path, "{}", code), strings.NewReader(strings.ReplaceAll(body, "{}", code)))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Host = "a.test"
	n := f.next()
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&0xff, n>>8&0xff, n&0xff))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], strings.ReplaceAll(headers[i+1], "{}", code))
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	res.Header.Del("Date")
	res.Header.Del("Content-Length")
	all := fmt.Sprint(res.StatusCode, res.Header, string(raw))
	spoken := civic.Code(code).Spoken()
	return strings.NewReplacer(code, "CODE", spoken, "SPOKEN", url.QueryEscape(spoken), "SPOKEN").Replace(all)
}

// TestAPrivateReportIsLikeOneThatIsNotThere asks every public door about codes of
// reports that nobody may see, and about one that no report has.
func TestAPrivateReportIsLikeOneThatIsNotThere(t *testing.T) {
	f := newTowns(t, false)
	hidden := civictest.NewID[civic.Report]()
	lon, lat := 8.85, 44.45
	f.apply(civictest.Edit(civictest.Citizen, hidden, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat}))
	f.apply(civictest.Edit(civictest.Actor(f.a, "operator"), hidden, 9, civic.KindHide, civic.TargetArgs{Target: civic.TargetReport}))
	crews := civictest.NewID[civic.Report]()
	f.apply(civictest.Edit(civictest.Actor(f.a, "crew"), crews, 0, civic.KindCreate, civic.CreateArgs{Service: "distress", Lon: &lon, Lat: &lat}))
	codes := map[string]string{"private": string(f.privateCode)}
	for name, id := range map[string]civic.ReportID{"hidden": hidden, "a crew's": crews} {
		r, err := f.db.Report(t.Context(), f.a.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		codes[name] = string(r.Code)
	}
	unknown := ""
	for n := uint32(1); unknown == ""; n++ {
		code := civic.NewCode(string(f.code[:2]), n)
		if _, err := f.db.ReportByCode(t.Context(), f.a.ID, code); err != nil {
			unknown = string(code)
		}
	}
	html := []string{"Accept", "text/html"}
	for _, door := range []struct {
		method, path, body string
		headers            []string
	}{
		{"GET", "/r?code={}", "", html},
		{"GET", "/r/{}", "", html},
		{"GET", "/r/{}?done=follow.done&thanks=1&lang=en", "", html},
		{"GET", "/r/{}?k=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "", html},
		{"GET", "/r/{}", "", []string{"Accept", "text/html", "Cookie", "r-{}=AAAAAAAAAAAAAAAAAAAAAAAAAAA; v=" + civictest.NewID[civic.Report]().String()}},
		{"GET", "/r/{}", "", []string{"Accept", "application/json"}},
		{"POST", "/r/{}/pin", "pin=12", html},
		{"POST", "/r/{}/message", "text=x", html},
		{"POST", "/r/{}/contest", "text=x", html},
		{"POST", "/r/{}/ok", "", html},
		{"POST", "/r/{}/rate", "score=5", html},
		{"POST", "/r/{}/erase", "", html},
		{"POST", "/r/{}/follow", "", html},
		{"POST", "/r/{}/follow", "hear_email=no", html},
		{"POST", "/r/{}/follow", "", []string{"Accept", "application/json"}},
		{"GET", "/api/v1/reports/{}", "", nil},
		{"GET", "/api/v1/reports/{}/shots", "", nil},
		{"GET", "/api/v1/reports?before={}", "", nil},
		{"GET", "/reports?before={}", "", html},
		{"GET", "/media/reports/{}/" + string(f.photo) + "/320.jpg", "", nil},
		{"GET", "/media/reports/{}/" + f.photo.PublicID() + "/320.jpg", "", []string{"If-None-Match", "*"}},
		{"HEAD", "/media/sha256/" + string(f.photo) + "?report={}", "", []string{"Tus-Resumable", "1.0.0", "Cookie", "r-{}=x"}},
		{"GET", "/open311/v2/requests/{}.json", "", nil},
		{"GET", "/open311/v2/requests/{}.xml?extensions=true", "", nil},
		{"GET", "/open311/v2/requests.json?service_request_id={}", "", nil},
	} {
		nothing := f.seen(door.method, door.path, door.body, unknown, door.headers...)
		for name, code := range codes {
			if got := f.seen(door.method, door.path, door.body, code, door.headers...); got != nothing {
				t.Errorf("%s %s tells %s from one that is not there:\n%.600s\n%.600s", door.method, door.path, name, got, nothing)
			}
		}
	}
	// A wrong PIN, once each: how often is the limits' affair.
	nothing := f.seen("POST", "/r/{}/pin", "pin=000000", unknown, html...)
	for name, code := range codes {
		if got := f.seen("POST", "/r/{}/pin", "pin=000000", code, html...); got != nothing {
			t.Errorf("a PIN tells %s from one that is not there:\n%.600s\n%.600s", name, got, nothing)
		}
	}
	// By their ids too, which whoever works on them knows.
	none := f.seen("GET", "/api/v1/reports/{}", "", civictest.NewID[civic.Report]().String())
	for _, id := range []civic.ReportID{f.private, hidden, crews} {
		if got := f.seen("GET", "/api/v1/reports/{}", "", id.String()); got != none {
			t.Errorf("an id tells: %.400s", got)
		}
	}
}

// TestAServiceThatPublishesNothingAnyMore hides its cases from every list before the
// rows say so: none gives away a code, or a page shorter than the next one.
func TestAServiceThatPublishesNothingAnyMore(t *testing.T) {
	for name, change := range map[string]func(*civic.Service){
		"never":        func(s *civic.Service) { s.Public = civic.PublishNever },
		"confidential": func(s *civic.Service) { s.Confidential = true },
	} {
		t.Run(name, func(t *testing.T) {
			f := newTowns(t, false)
			codes := []civic.Code{f.code}
			lon, lat := 8.851, 44.451
			for range 3 {
				id := civictest.NewID[civic.Report]()
				f.apply(civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat}))
				r, err := f.db.Report(t.Context(), f.a.ID, id)
				if err != nil {
					t.Fatal(err)
				}
				codes = append(codes, r.Code)
			}
			lists := []string{
				"/api/v1/reports?limit=2", "/reports", "/open311/v2/requests.json", "/api/v1/near?lon=8.851&lat=44.451", "/reports?lon=8.851&lat=44.451", "/",
			}
			// told is how many of the codes an answer gives away, as they are or as they are spoken.
			told := func(path string) (n int, answer string) {
				answer = f.seen("GET", path, "", "?")
				for _, code := range codes {
					if strings.Contains(answer, string(code)) || strings.Contains(answer, code.Spoken()) {
						n++
					}
				}
				return n, answer
			}
			for _, path := range lists {
				if n, answer := told(path); n == 0 {
					t.Errorf("while it is public %s tells no case: %.600s", path, answer)
				}
			}
			for i := range f.a.Services {
				if f.a.Services[i].Code == "pothole" {
					change(&f.a.Services[i])
				}
			}
			if err := f.db.SaveTown(t.Context(), f.a); err != nil {
				t.Fatal(err)
			}
			f.http = f.again() // a server remembers towns for a moment
			for _, path := range lists {
				if n, answer := told(path); n > 0 || strings.Contains(answer, `"next"`) || !strings.HasPrefix(answer, "200") {
					t.Errorf("%s tells %d cases: %.600s", path, n, answer)
				}
			}
		})
	}
}

// TestEveryDoorThatTakesACodeIsLimitedAlike asks from one address until it is sent
// away: no door lets more be asked than the others.
func TestEveryDoorThatTakesACodeIsLimitedAlike(t *testing.T) {
	f := newTowns(t, false)
	now := time.Now() // stands still: nothing is forgiven meanwhile
	f.http = f.again(func(o *server.Options) { o.Now = func() time.Time { return now } })
	code := string(civic.NewCode(string(f.code[:2]), 4242))
	for i, path := range []string{
		"/r?code=" + code, "/r/" + code, "/api/v1/reports/" + code, "/media/reports/" + code + "/x/320.jpg",
		"/open311/v2/requests/" + code + ".json", "/open311/v2/requests.json?service_request_id=" + code,
	} {
		from := fmt.Sprintf("192.0.2.%d", i+1)
		asked := 0
		for ; asked < 300; asked++ {
			if got := f.seen("GET", path, "", code, "X-Forwarded-For", from); strings.HasPrefix(got, "429") {
				break
			}
		}
		if asked != 100 {
			t.Errorf("%s is answered %d times, want 100", path, asked)
		}
		// Having asked at one, nobody asks on at another.
		if got := f.seen("GET", "/api/v1/reports/"+code, "", code, "X-Forwarded-For", from); !strings.HasPrefix(got, "429") {
			t.Errorf("after %s: %.100s", path, got)
		}
	}
}

// TestThePublicIsNotAnsweredByWhatItMayNotKnow filters the map by team and channel.
func TestThePublicIsNotAnsweredByWhatItMayNotKnow(t *testing.T) {
	f := newTowns(t, false)
	for _, query := range []string{"?team=none", "?team=" + f.a.Teams[0].ID.String(), "?channel=web"} {
		for _, door := range []string{"/tiles/reports/3/4/2.mvt", "/tiles/reports.json"} {
			for _, c := range f.callers {
				status, _ := f.ask(c, "a.test", "GET", door+query, "")
				want := http.StatusBadRequest
				if slices.Contains(office, c.name) || c.name == "planner" {
					want = http.StatusOK
				} else if c.bearer {
					want = http.StatusUnauthorized
				}
				if status != want {
					t.Errorf("%s%s as %s: %d, want %d", door, query, c.name, status, want)
				}
			}
		}
	}
}
