package server_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// badCall is something that no client should send, and the statuses that are a
// clear answer to it.
type badCall struct {
	what, method, path, kind, body string
	want                           int
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

// badReports are bodies of POST /api/v1/reports.
func badReports() []badCall {
	id := civictest.NewID[civic.Report]().String()
	body := func(rest string) string { return `{"id":"` + id + `","service":"001","title":"CANARY"` + rest + `}` }
	list := []badCall{
		{"half a body", "", "", asJSON, `{"id":"` + id, 400},
		{"no JSON", "", "", asJSON, `<report>CANARY</report>`, 400},
		{"a list", "", "", asJSON, `[]`, 422},
		{"null", "", "", asJSON, `null`, 422},
		{"nothing", "", "", asJSON, ``, 400},
		{"a number for a title", "", "", asJSON, body(`,"title":7`), 422},
		{"a text for a place", "", "", asJSON, body(`,"lon":"8.85","lat":"44.45"`), 422},
		{"NaN", "", "", asJSON, body(`,"lon":NaN,"lat":1`), 400},
		{"a huge number", "", "", asJSON, body(`,"lon":1e999,"lat":1`), 400},
		{"too far east", "", "", asJSON, body(`,"lon":181,"lat":37.75`), 422},
		{"half a place", "", "", asJSON, body(`,"lon":-122.45`), 422},
		{"another town's ground", "", "", asJSON, body(`,"lon":9.19,"lat":45.46`), 422},
		{"an unknown service", "", "", asJSON, `{"id":"` + id + `","service":"CANARY"}`, 422},
		{"no service", "", "", asJSON, `{"id":"` + id + `"}`, 422},
		{"no id", "", "", asJSON, `{"service":"001"}`, 422},
		{"an id that is none", "", "", asJSON, `{"id":"CANARY","service":"001"}`, 422},
		{"a zero id", "", "", asJSON, `{"id":"00000000-0000-0000-0000-000000000000","service":"001"}`, 422},
		{"a time of arrival", "", "", asJSON, body(`,"created":"2999-01-01T00:00:00Z"`), 422},
		{"a megabyte of text", "", "", asJSON, body(`,"description":"` + strings.Repeat("CANARY ", 150_000) + `"`), 413},
		{"4,001 characters", "", "", asJSON, body(`,"description":"` + strings.Repeat("è", 4001) + `"`), 422},
		{"photos that nobody sent", "", "", asJSON, body(`,"photos":["` + strings.Repeat("ab", 32) + `"]`), 422},
		{"eleven photos", "", "", asJSON, body(`,"photos":[` + strings.Repeat(`"`+strings.Repeat("ab", 32)+`",`, 10) + `"` + strings.Repeat("ab", 32) + `"]`), 422},
		{"a thousand brackets", "", "", asJSON, strings.Repeat(`{"a":[`, 1000), 400},
		{"a form", "", "", asForm, `id=` + id + `&service=001&title=CANARY`, 415},
	}
	for i := range list {
		list[i].method, list[i].path = http.MethodPost, "/api/v1/reports"
	}
	return list
}

// badElsewhere are calls of the other doors that take a body.
func badElsewhere() []badCall {
	form := func(pairs ...string) string {
		f := url.Values{"service": {"pothole"}, "address": {"Via Balbi"}, "title": {"CANARY"}}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f.Encode()
	}
	return []badCall{
		{"a password that is none", http.MethodPost, "/api/v1/session", asJSON, `{"login":"CANARY","password":"CANARY"}`, 401},
		{"a session of nothing", http.MethodPost, "/api/v1/session", asJSON, `[]`, 422},
		{"half a session", http.MethodPost, "/api/v1/session", asJSON, `{"login":`, 400},
		{"a code that is none", http.MethodPost, "/api/v1/devices/enrol", asJSON, `{"code":"CANARY","name":"x"}`, 401},
		{"a refresh that is none", http.MethodPost, "/api/v1/devices/refresh", asJSON, `{"refresh":"CANARY"}`, 401},
		{"edits of nobody", http.MethodPost, "/api/v1/edits", asJSON, `[{"kind":"CANARY"}]`, 401},
		{"a photo without parts", http.MethodPost, "/api/v1/photos", "multipart/form-data; boundary=x", "--x--\r\n", 422},
		{"a photo cut short", http.MethodPost, "/api/v1/photos", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"CANARY\"\r\n\r\nabc", 400},
		{"a photo as JSON", http.MethodPost, "/api/v1/photos", asJSON, `{}`, 400},
		{"a search of a whole page", http.MethodGet, "/api/v1/places?q=" + strings.Repeat("CANARY", 40), "", "", 400},
		{"a place that is none", http.MethodGet, "/api/v1/near?lon=NaN&lat=CANARY", "", "", 400},
		{"a filter that is none", http.MethodGet, "/api/v1/reports?limit=CANARY", "", "", 400},
		{"a report that is none", http.MethodGet, "/api/v1/reports/CANARY", "", "", 404},

		{"a form without a place", http.MethodPost, "/report", asForm, form("address", ""), 422},
		{"a form without a service", http.MethodPost, "/report", asForm, form("service", "CANARY"), 422},
		{"a form at NaN", http.MethodPost, "/report", asForm, form("address", "", "lon", "NaN", "lat", "NaN"), 422},
		{"a form of another town", http.MethodPost, "/report", asForm, form("lon", "9.19", "lat", "45.46"), 422},
		{"a form with a long text", http.MethodPost, "/report", asForm, form("description", strings.Repeat("è", 4001)), 422},
		{"a megabyte in a form", http.MethodPost, "/report", asForm, form("description", strings.Repeat("CANARY ", 150_000)), 422},
		{"a broken escape", http.MethodPost, "/report", asForm, "service=%zz&title=CANARY", 400},
		{"an e-mail that is none", http.MethodPost, "/report", asForm, form("email", "CANARY"), 422},
		{"a form without its boundary", http.MethodPost, "/report", "multipart/form-data", "--x\r\nCANARY", 400},
		{"a code that nobody has", http.MethodGet, "/r/CANARY", "", "", 404},
	}
}

// TestBadInputAtEachDoorIsAnsweredAndLeavesNothing looks for what bad calls left:
// rows, and words in the log.
func TestBadInputAtEachDoorIsAnsweredAndLeavesNothing(t *testing.T) {
	d := newDoor(t)
	before := d.stored()
	for _, c := range append(badReports(), badElsewhere()...) {
		req, err := http.NewRequestWithContext(t.Context(), c.method, d.http.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // read whole
		if err != nil || res.StatusCode != c.want {
			t.Errorf("%s: %d, want %d (%v)\n%.300s", c.what, res.StatusCode, c.want, err, body)
		}
		if kind := res.Header.Get("Content-Type"); strings.HasPrefix(c.path, "/api/") && kind != "application/problem+json" {
			t.Errorf("%s is answered with %s", c.what, kind)
		}
		if after := d.stored(); after != before {
			t.Fatalf("%s leaves %s, before %s", c.what, after, before)
		}
	}
	if log := d.log.String(); strings.Contains(log, "CANARY") {
		t.Errorf("the log holds what was sent:\n%.2000s", log)
	}
}

// TestAMendedReportIsTaken sends a report that the rules refuse, then mended, under
// the id that it was born with.
func TestAMendedReportIsTaken(t *testing.T) {
	d := newDoor(t)
	id, nonce := civictest.NewID[civic.Report]().String(), strings.Repeat("n", 22)
	for _, c := range []struct {
		lat  string
		want int
	}{{"45.4", 422}, {"45.5", 422}, {"37.75", 201}, {"37.75", 201}, {"37.76", 409}} {
		res, err := http.Post(d.http.URL+"/api/v1/reports", asJSON, strings.NewReader(`{"id":"`+id+`","nonce":"`+nonce+`","service":"001","lon":-122.45,"lat":`+c.lat+`}`))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // only its status counts
		if res.StatusCode != c.want {
			t.Errorf("at %s: %d, want %d", c.lat, res.StatusCode, c.want)
		}
	}
}

// TestNoDoorReadsAGigabyte sends a body without end to every door that takes one.
func TestNoDoorReadsAGigabyte(t *testing.T) {
	d := newDoor(t)
	for path, kind := range map[string]string{
		"/api/v1/reports": asJSON, "/api/v1/session": asJSON, "/api/v1/edits": asJSON, "/api/v1/devices/enrol": asJSON,
		"/api/v1/photos": "multipart/form-data; boundary=x", "/report": "multipart/form-data; boundary=x", "/r/TT00000000": asForm,
	} {
		most := 64 << 20
		if path == "/report" {
			most = 96 << 20 // five photos of 15 MB
		}
		if sent := flood(t, strings.TrimPrefix(d.http.URL, "http://"), path, kind); sent > most {
			t.Errorf("%s took %d MB", path, sent>>20)
		}
	}
}

// flood writes a gigabyte until the other side has enough, and gives how much it
// took. No answer but a 4xx, or a cut, is a failure.
func flood(t *testing.T, address, path, kind string) int {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the other side has closed it
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	start := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, kind, 1<<30)
	if strings.HasPrefix(kind, "multipart") {
		start += "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.jpg\"\r\n\r\n"
	} else if kind == asJSON {
		start += `{"title":"`
	}
	if _, err := io.WriteString(conn, start); err != nil {
		t.Fatal(err)
	}
	answered := make(chan string, 1)
	go func() { // ends with the answer or the connection's deadline
		head := make([]byte, 12)
		if _, err := io.ReadFull(conn, head); err != nil && !errors.Is(err, io.EOF) {
			answered <- err.Error()
			return
		}
		answered <- string(head)
	}()
	chunk := []byte(strings.Repeat("a", 64<<10))
	sent := 0
	for sent < 1<<30 {
		n, err := conn.Write(chunk)
		if sent += n; err != nil {
			break
		}
	}
	if head := <-answered; !strings.HasPrefix(head, "HTTP/1.1 4") && !strings.Contains(head, "reset") {
		t.Errorf("%s: answered %q", path, head)
	}
	return sent
}

// TestEveryScriptAndSignIsKeptByTheForm sends what people write and reads it back.
func TestEveryScriptAndSignIsKeptByTheForm(t *testing.T) {
	d := newDoor(t)
	d.forget()
	for _, words := range []string{
		"حفرة كبيرة في الشارع", "\u200fשלום — בור בכביש", "Buca 🕳️👷🏽‍♀️ davanti al n° 5", `<script>alert("x")</script> & 'altro'`, "一个大坑\nseconda riga\tTab",
	} {
		r, a := d.report(url.Values{"service": {"pothole"}, "address": {"Via Balbi"}, "title": {"Prova"}, "description": {words}, "seen": {"1"}}, nil)
		if r.Description != words {
			t.Errorf("%q is kept as %q", words, r.Description)
		}
		d.lacks(a, "<script>alert")
	}
}
