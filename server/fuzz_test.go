package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// called are the doors that a stranger's words come to, each by its method and path.
var called = []string{
	"POST /open311/v2/requests.xml", "POST /open311/v2/requests.json", "POST /open311/v2/servicerequestupdates.json",
	"GET /open311/v2/requests.xml", "GET /open311/v2/servicerequestupdates.json", "GET /open311/v2/services/",
	"POST /api/v1/reports", "POST /api/v1/edits", "POST /api/v1/photos", "POST /api/v1/session", "POST /api/v1/devices/enrol",
	"GET /api/v1/reports", "GET /api/v1/near", "GET /api/v1/places", "GET /api/v1/reports/",
	"GET /tiles/reports/3/4/2.mvt", "GET /tiles/reports.json", "POST /sync/push", "GET /sync/pull", "GET /sync/repair", "PUT /nothing",
}

// FuzzCalls sends anything to every door of a real server, by somebody with every
// credential: nothing is answered 5xx, and what is refused is refused in the door's form.
func FuzzCalls(f *testing.F) {
	towns := newTowns(f, false)
	var token, key string
	for _, c := range towns.callers {
		if c.name == "crew" {
			token = c.token()
		}
		key += c.key
		if c.key != "" && c.name != "key" {
			key = strings.TrimSuffix(key, c.key)
		}
	}
	session, err := towns.db.AddSession(f.Context(), towns.a.ID, civictest.Actor(towns.a, "operator").User, "")
	if err != nil {
		f.Fatal(err)
	}
	id := civictest.NewID[civic.Report]().String()
	for i := range called {
		door := uint8(i) // #nosec G115 -- a few
		f.Add(door, "", "application/json", `{"id":"`+id+`","service":"pothole","lon":8.85,"lat":44.45,"contact":{"email":"x"}}`)
		f.Add(door, "status=open&page=2&page_size=1&from=0&lon=8&lat=44&q=via", form311, "service_code=pothole&lat=44.45&long=8.85&update_id=1&status=closed&description=x")
	}
	f.Add(uint8(7), "", "application/json", `[{"id":"`+id+`","report":"`+towns.report.String()+`","base_rev":1,"kind":"set","args":{"field":"location","value":{"lon":444,"lat":1e999}}}]`)
	f.Add(uint8(8), "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.jpg\"\r\n\r\n\xff\xd8\xff\xe0\r\n--x--\r\n")
	f.Add(uint8(6), "lang=%zz&lang=it", "text/xml", "<a/>")
	f.Fuzz(func(t *testing.T, door uint8, query, kind, body string) {
		if len(body) > 1<<16 || len(query) > 1<<12 || len(kind) > 200 {
			t.Skip("long ones have their own test")
		}
		method, path, _ := strings.Cut(called[int(door)%len(called)], " ")
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.URL = &url.URL{Path: path, RawQuery: query}
		if strings.HasSuffix(path, "/") {
			r.URL = &url.URL{Path: path + query}
		}
		r.Host, r.RemoteAddr = "a.test", "127.0.0.1:1"
		r.Header.Set("Content-Type", kind)
		switch {
		case strings.HasPrefix(path, "/open311/"):
			r.URL.RawQuery += "&api_key=" + url.QueryEscape(key)
		case strings.HasPrefix(path, "/sync"):
			r.Header.Set("Authorization", "Bearer "+token)
		default:
			r.AddCookie(&http.Cookie{Name: "session", Value: session})
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		w := httptest.NewRecorder()
		towns.srv.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s %s?%q: %d %s", method, path, query, w.Code, w.Body)
		}
		if w.Code >= 400 && path != "/nothing" {
			if err := inForm(r.URL.Path, w.Result(), w.Body.String()); err != nil {
				t.Fatalf("%s %s?%q: %v", method, path, query, err)
			}
		}
	})
}
