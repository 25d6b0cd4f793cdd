package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
)

// head is what stands before an answer's body.
type head struct {
	StatusCode int
	Header     http.Header
	cookies    []*http.Cookie
}

// ofTown makes a request to a town of a server.
func ofTown(t *testing.T, h *httptest.Server, method, host, path, body string, headers ...string) (head, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{
		Transport:     h.Client().Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return head{res.StatusCode, res.Header, res.Cookies()}, string(raw)
}

// sessionOf signs somebody of a town in.
func sessionOf(f *towns, town *civic.Blueprint, login string) string {
	f.t.Helper()
	token, err := f.db.AddSession(f.t.Context(), town.ID, civictest.Actor(town, login).User, "")
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

// Whatever a town says of its own address begins with the host of that town, however
// the installation was told that people see it.
func TestATownsLinksBeginWithItsOwnHost(t *testing.T) {
	f := newTowns(t, false)
	h := f.again(func(o *server.Options) { o.PublicURL = "https://a.test" })
	cookie := "__Host-session=" + sessionOf(f, f.b, "admin")
	user := civictest.Actor(f.b, "crew").User.String()
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/api/v1/reports", `{"id":"{new}","service":"pothole","lon":8.85,"lat":44.45}`},
		{"POST", "/api/v1/devices/invite", `{"user":"` + user + `"}`},
		{"GET", "/open311/discovery.json", ""},
		{"GET", "/open311/discovery.xml", ""},
		{"GET", "/tiles/reports.json", ""},
		{"GET", "/tiles/streets.json", ""},
	} {
		res, said := ofTown(t, h, c.method, "b.test", c.path, strings.ReplaceAll(c.body, "{new}", civictest.NewID[civic.Report]().String()), "Cookie", cookie)
		if res.StatusCode >= 300 {
			t.Errorf("%s: %d %.200s", c.path, res.StatusCode, said)
		}
		if strings.Contains(said, "a.test") || !strings.Contains(said, "https://b.test/") {
			t.Errorf("%s says another town's address: %.400s", c.path, said)
		}
	}
	form := "id=" + civictest.NewID[civic.Report]().String() + "&service=pothole&lon=8.85&lat=44.45&title=x&description=y"
	sent, _ := ofTown(t, h, "POST", "b.test", "/report", form)
	res, _ := ofTown(t, h, "GET", "b.test", sent.Header.Get("Location"), "")
	var cookies []string
	for _, set := range res.cookies {
		cookies = append(cookies, set.Name+"="+set.Value)
	}
	_, page := ofTown(t, h, "GET", "b.test", res.Header.Get("Location"), "", "Cookie", strings.Join(cookies, "; "))
	if links := regexp.MustCompile(`https?://[ab]\.test/r/`).FindAllString(page, -1); len(links) == 0 || strings.Contains(page, "a.test/") {
		t.Errorf("%s: links of the receipt: %v\n%.3000s", res.Header.Get("Location"), links, page)
	}
}

// A page of one town is a foreign page to another.
func TestAPageOfOneTownIsForeignToAnother(t *testing.T) {
	f := newTowns(t, false)
	h := f.again(func(o *server.Options) { o.PublicURL = "https://a.test" })
	session := sessionOf(f, f.b, "operator")
	upgrade := []string{
		"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13",
		"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol", "segnavia.sync.1",
	}
	for _, c := range []struct {
		method, path, body string
		headers            []string
		own                int
	}{
		{"POST", "/report", "", nil, 422},
		{"POST", "/api/v1/session", `{"login":"x","password":"y"}`, nil, 401},
		{"DELETE", "/api/v1/session", "", nil, 204},
		{"POST", "/api/v1/edits", `{}`, []string{"Cookie", "__Host-session=" + session}, 0},
		{"GET", "/sync", "", upgrade, 101},
	} {
		for origin, foreign := range map[string]bool{
			"https://a.test": true, "https://b.test": false, "https://evil.example": true, "null": true,
		} {
			res, said := ofTown(t, h, c.method, "b.test", c.path, c.body, append(c.headers, "Origin", origin)...)
			if refused := res.StatusCode == http.StatusForbidden; refused != foreign {
				t.Errorf("%s %s of town b from %s: %d %.100s", c.method, c.path, origin, res.StatusCode, said)
			} else if !foreign && c.own > 0 && res.StatusCode != c.own {
				t.Errorf("%s %s from its own page: %d, want %d", c.method, c.path, res.StatusCode, c.own)
			}
		}
	}
}

// Pages and apps of others may act by a key: a browser's question is answered, and a
// cookie is never used.
func TestOtherPagesMayPostByAKey(t *testing.T) {
	f := newTowns(t, false)
	res, _ := ofTown(t, f.http, "OPTIONS", "a.test", "/open311/v2/requests.json", "", "Origin", "https://app.example",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(res.Header.Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("preflight: %d %v", res.StatusCode, res.Header)
	}
	key := ""
	for _, c := range f.callers {
		if c.name == "key" {
			key = c.key
		}
	}
	for _, origin := range []string{"https://app.example", "capacitor://localhost", "null"} {
		form := "service_code=pothole&lat=44.45&long=8.85&api_key=" + key
		res, said := ofTown(t, f.http, "POST", "a.test", "/open311/v2/requests.json", form, "Origin", origin, "Sec-Fetch-Site", "cross-site")
		if res.StatusCode != 201 || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("from %s: %d %s", origin, res.StatusCode, said)
		}
		body := `{"id":"` + civictest.NewID[civic.Report]().String() + `","service":"pothole","lon":8.85,"lat":44.45}`
		if res, said := ofTown(t, f.http, "POST", "a.test", "/api/v1/reports", body, "Origin", origin); res.StatusCode != 201 {
			t.Errorf("the API from %s: %d %s", origin, res.StatusCode, said)
		}
	}
	// What is read with a cookie is no other page's to read.
	if res, _ := ofTown(t, f.http, "GET", "a.test", "/api/v1/session", "", "Origin", "https://app.example"); res.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error("credentials are allowed")
	}
}

// A page or a hybrid app of others acts at the API by the token that it holds, once its
// browser has asked; by a cookie nobody acts from another site.
func TestOtherPagesMayUseTheAPIByATokenAndNeverByACookie(t *testing.T) {
	f := newTowns(t, false)
	const origin = "https://app.example"
	for _, path := range []string{"/api/v1/edits", "/api/v1/reports", "/api/v1/photos", "/api/v1/devices/refresh", "/open311/v2/servicerequestupdates.xml"} {
		res, _ := ofTown(t, f.http, "OPTIONS", "a.test", path, "", "Origin", origin,
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization, content-type")
		h := res.Header
		if res.StatusCode != 204 || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") ||
			!strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Content-Type") ||
			h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: preflight %d %v", path, res.StatusCode, h)
		}
	}
	edit := func() string {
		return `{"id":"` + civictest.NewID[civic.Edit]().String() + `","report":"` + f.report.String() + `","kind":"note","args":{"text":"x"}}`
	}
	token := ""
	for _, c := range f.callers {
		if c.name == "crew" {
			token = c.token()
		}
	}
	cookie := "session=" + sessionOf(f, f.a, "operator")
	for what, c := range map[string]struct {
		headers []string
		want    int
	}{
		"a token":             {[]string{"Authorization", "Bearer " + token, "Origin", origin, "Sec-Fetch-Site", "cross-site"}, 200},
		"a cookie":            {[]string{"Cookie", cookie, "Origin", origin, "Sec-Fetch-Site", "cross-site"}, 403},
		"a cookie, older":     {[]string{"Cookie", cookie, "Origin", origin}, 403},
		"a cookie of its own": {[]string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"}, 200},
		"nothing":             {[]string{"Origin", origin}, 401},
	} {
		res, said := ofTown(t, f.http, "POST", "a.test", "/api/v1/edits", edit(), c.headers...)
		if res.StatusCode != c.want || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d, want %d: %.200s", what, res.StatusCode, c.want, said)
		}
	}
}
