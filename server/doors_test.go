package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"
)

// sent writes bytes to the server as they are and reads the answer. half ends the
// sending side, so that what is missing does not come.
func (g *gate) sent(raw string, half bool) (*http.Response, string) {
	g.t.Helper()
	c := g.dial(honest)
	defer c.Close() //nolint:errcheck // only read
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	go func() { // ends with the connection
		_, err := io.WriteString(c, raw)
		if tcp, ok := c.(*net.TCPConn); ok && err == nil && half {
			_ = tcp.CloseWrite()
		}
	}()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		g.t.Errorf("%.60q: no answer: %v", raw, err)
		return &http.Response{Header: http.Header{}}, ""
	}
	defer res.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Errorf("%.60q: %v", raw, err)
	}
	return res, string(body)
}

// inForm checks that an error is told as the door of a path tells its own.
func inForm(path string, res *http.Response, body string) error {
	kind := res.Header.Get("Content-Type")
	var p struct {
		T, Code, Detail, Title string
		Status                 int
	}
	switch {
	case strings.HasPrefix(path, "/open311/") && strings.HasSuffix(path, ".json"):
		var list []struct {
			Code        int
			Description string
		}
		if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) == 0 || list[0].Code != res.StatusCode || len(list[0].Description) < 10 || kind != "application/json; charset=utf-8" {
			return fmt.Errorf("no list of errors (%s): %s %.200s", kind, fmt.Sprint(err), body)
		}
	case strings.HasPrefix(path, "/open311/"):
		e, err := readStrictly([]byte(body), "errors")
		if err != nil || e.at("error").child("code") != fmt.Sprint(res.StatusCode) || len(e.at("error").child("description")) < 10 || kind != "text/xml; charset=utf-8" {
			return fmt.Errorf("no errors (%s): %s %.200s", kind, fmt.Sprint(err), body)
		}
	case strings.HasPrefix(path, "/sync"):
		if err := json.Unmarshal([]byte(body), &p); err != nil || p.T != "error" || p.Code == "" || kind != "application/json" {
			return fmt.Errorf("no error frame (%s): %s %.200s", kind, fmt.Sprint(err), body)
		}
	case strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/tiles/"), strings.HasPrefix(path, "/media/"):
		if err := json.Unmarshal([]byte(body), &p); err != nil || p.Status != res.StatusCode || p.Code == "" || p.Detail == "" || p.Title == "" || kind != "application/problem+json" {
			return fmt.Errorf("no problem (%s): %s %.200s", kind, fmt.Sprint(err), body)
		}
	default:
		if kind != "text/html; charset=utf-8" || !strings.Contains(body, "<h1") {
			return fmt.Errorf("no page (%s): %.200s", kind, body)
		}
	}
	return nil
}

// TestErrorsAreToldInTheDoorsOwnForm sends what no handler of the doors sees: a path
// that there is not, a method that it does not take, a head that is too long, a body
// that is none.
func TestErrorsAreToldInTheDoorsOwnForm(t *testing.T) {
	g := newGate(t)
	const browser = "Accept: text/html,application/xhtml+xml"
	many := func(n int) string { return "X-Long: " + strings.Repeat("a", n) }
	chunked := []string{"Transfer-Encoding: chunked"}
	for _, c := range []struct {
		what, head string
		lines      []string
		body       string
		half       bool
		status     int
		allow      string
	}{
		{"no such path", "GET /open311/v2/nothing.json", nil, "", false, 404, ""},
		{"no such path", "GET /api/v1/nothing", []string{browser}, "", false, 404, ""},
		{"no such path", "GET /sync/nothing", nil, "", false, 404, ""},
		{"no such path", "GET /tiles/nothing", []string{browser}, "", false, 404, ""},
		{"no such path", "GET /media/nothing", nil, "", false, 404, ""},
		{"no such path", "GET /nothing", []string{browser}, "", false, 404, ""},
		{"no such path", "POST /api/v1/nothing", []string{"Content-Length: 0"}, "", false, 404, ""},
		{"no such path", "POST /nothing", []string{browser, "Content-Length: 0"}, "", false, 404, ""},
		{"no such path", "PUT /open311/v2/nothing.xml", []string{"Content-Length: 0"}, "", false, 404, ""},

		{"a method", "PUT /open311/v2/requests.json", []string{"Content-Length: 0"}, "", false, 405, "GET, HEAD, OPTIONS, POST"},
		{"a method", "DELETE /open311/v2/services.xml", nil, "", false, 405, "GET, HEAD, OPTIONS"},
		{"a method", "GET /api/v1/edits", nil, "", false, 405, "OPTIONS, POST"},
		{"a method", "PATCH /api/v1/reports", []string{"Content-Length: 0"}, "", false, 405, "GET, HEAD, OPTIONS, POST"},
		{"a method", "DELETE /sync/push", nil, "", false, 405, "POST"},
		{"a method", "GET /sync/hello", nil, "", false, 405, "POST"},
		{"a method", "POST /tiles/reports.json", []string{"Content-Length: 0"}, "", false, 405, "GET, HEAD"},
		{"a method", "PUT /media/uploads", []string{"Content-Length: 0"}, "", false, 405, "OPTIONS, POST"},
		{"a method", "DELETE /reports", []string{browser}, "", false, 405, "GET, HEAD"},

		{"a long head", "GET /open311/v2/requests.json", []string{many(40 << 10)}, "", false, 431, ""},
		{"a long head", "GET /api/v1/reports", []string{many(40 << 10)}, "", false, 431, ""},
		{"a long head", "GET /sync/pull", []string{many(40 << 10)}, "", false, 431, ""},
		{"a long head", "GET /", []string{browser, many(40 << 10)}, "", false, 431, ""},
		{"a long path", "GET /tiles/" + strings.Repeat("a", 40<<10), nil, "", false, 431, ""},
		{"a longer head", "GET /open311/v2/requests.xml", []string{many(200 << 10)}, "", false, 431, ""},
		{"a longer head", "GET /api/v1/reports", []string{many(200 << 10)}, "", false, 431, ""},
		{"a longer head", "GET /sync/pull", []string{many(200 << 10)}, "", false, 431, ""},

		{"no head", "POST /open311/v2/requests.json", []string{"Content-Length: abc"}, "", false, 400, ""},
		{"no head", "POST /api/v1/reports", []string{"Content-Length: -1"}, "", false, 400, ""},
		{"no head", "POST /sync/hello", []string{"a header"}, "", false, 400, ""},
		{"no coding", "POST /api/v1/reports", []string{"Transfer-Encoding: gzip"}, "", false, 501, ""},

		{"no chunk", "POST /open311/v2/requests.xml", append(chunked, "Content-Type: "+form311), "zz\r\nabc\r\n0\r\n\r\n", false, 400, ""},
		{"no chunk", "POST /open311/v2/requests.json", append(chunked, "Content-Type: multipart/form-data; boundary=x"), "5\r\n--x\r\n\r\nzz\r\n", false, 400, ""},
		{"no chunk", "POST /api/v1/reports", append(chunked, "Content-Type: application/json"), "zz\r\n{}\r\n0\r\n\r\n", false, 400, ""},
		{"no chunk", "POST /api/v1/photos", append(chunked, "Content-Type: multipart/form-data; boundary=x"), "49\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.jpg\"\r\n\r\nabc\r\nzz\r\n", false, 400, ""},
		{"no chunk", "POST /report", append(chunked, browser, "Content-Type: "+form311), "zz\r\nabc\r\n0\r\n\r\n", false, 400, ""},

		{"half a body", "POST /open311/v2/requests.xml", []string{"Content-Length: 100", "Content-Type: " + form311}, "service", true, 400, ""},
		{"half a body", "POST /api/v1/reports", []string{"Content-Length: 100", "Content-Type: application/json"}, `{"id":`, true, 400, ""},
		{"half a body", "POST /report", []string{browser, "Content-Length: 100", "Content-Type: " + form311}, "service", true, 400, ""},

		{"two megabytes", "POST /api/v1/reports", []string{"Content-Length: 2097152", "Content-Type: application/json"}, strings.Repeat(" ", 2<<20), false, 413, ""},
		{"XML", "POST /api/v1/reports", []string{"Content-Length: 4", "Content-Type: text/xml"}, "<a/>", false, 415, ""},
		{"no foreign type", "GET /api/v1/map", []string{"Accept: text/xml"}, "", false, 200, ""},
		{"another's page", "POST /report", []string{browser, "Origin: https://evil.example", "Content-Length: 0"}, "", false, 403, ""},
		{"another town", "GET /open311/v2/services.json", nil, "", false, 404, ""},
		{"another town", "GET /sync/pull", nil, "", false, 404, ""},
	} {
		host := "a.test"
		if c.what == "another town" {
			host = "c.test"
		}
		lines := append([]string{c.head + " HTTP/1.1", "Host: " + host}, c.lines...)
		res, body := g.sent(strings.Join(lines, "\r\n")+"\r\n\r\n"+c.body, c.half) //nolint:bodyclose // it is
		path := strings.Fields(c.head)[1]
		if res.StatusCode != c.status {
			t.Errorf("%s, %.60s: %d, want %d: %.200s", c.what, c.head, res.StatusCode, c.status, body)
			continue
		}
		allow := strings.Split(res.Header.Get("Allow"), ", ")
		if slices.Sort(allow); strings.Join(allow, ", ") != c.allow {
			t.Errorf("%s: Allow %q, want %q", c.head, res.Header.Get("Allow"), c.allow)
		}
		if err := inForm(path, res, body); c.status >= 400 && err != nil {
			t.Errorf("%s, %.60s: %v", c.what, c.head, err)
		}
		if shared := strings.HasPrefix(path, "/api/v1/") || strings.HasPrefix(path, "/open311/"); shared != (res.Header.Get(textproto.CanonicalMIMEHeaderKey("Access-Control-Allow-Origin")) == "*") {
			t.Errorf("%s, %.60s: shared with other pages: %q", c.what, c.head, res.Header.Get("Access-Control-Allow-Origin"))
		}
	}
	g.served(honest)
}
