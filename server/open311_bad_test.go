package server_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// stored counts the rows of everything that a call could leave behind.
func (d *door) stored() string {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	defer conn.Close(d.t.Context()) //nolint:errcheck // only read
	var all string
	err = conn.QueryRow(d.t.Context(), `SELECT format('%s reports, %s edits, %s photos, %s messages, %s addresses, %s people, %s jobs',
		(SELECT count(*) FROM report), (SELECT count(*) FROM edit), (SELECT count(*) FROM photo), (SELECT count(*) FROM message),
		(SELECT count(*) FROM remote_media), (SELECT count(*) FROM profile), (SELECT count(*) FROM river.river_job))`).Scan(&all)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

const form311 = "application/x-www-form-urlencoded"

// TestBadCallsAreAnsweredAndLeaveNothing sends what no client should and looks for
// what it left: rows, and words in the log.
func TestBadCallsAreAnsweredAndLeaveNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // nobody else's files are looked at
	d := newDoor(t)
	known := d.made(d.sinkhole())
	before := d.stored()
	for _, c := range d.hostile(known.Code) {
		a := d.raw(http.MethodPost, c.path, c.kind, strings.NewReader(c.body))
		if a.status != c.want {
			t.Errorf("%s: %d, want %d\n%.500s", c.what, a.status, c.want, a.body)
		}
		if strings.HasSuffix(c.path, ".json") {
			if !strings.HasPrefix(a.body, fmt.Sprintf(`[{"code":%d,"description":"`, c.want)) {
				t.Errorf("%s: %s", c.what, a.body)
			}
		} else if e := d.strict(a, "errors").at("error"); e.child("code") != fmt.Sprint(c.want) || len(e.child("description")) < 10 {
			t.Errorf("%s: %s", c.what, a.body)
		}
		if after := d.stored(); after != before {
			t.Fatalf("%s leaves %s, before %s", c.what, after, before)
		}
	}
	if log := d.log.String(); strings.Contains(log, "CANARY") || strings.Contains(log, d.key) {
		t.Errorf("the log holds what was sent:\n%.2000s", log)
	}
	if left, err := os.ReadDir(os.TempDir()); err == nil {
		for _, f := range left {
			if strings.HasPrefix(f.Name(), "open311-") {
				t.Errorf("a picture stays in %s", f.Name())
			}
		}
	}
}

// hostileCall is a POST that is to be refused, and how.
type hostileCall struct {
	what, path, kind, body string
	want                   int
}

// hostile are calls of all kinds; known is a report that exists.
func (d *door) hostile(known civic.Code) []hostileCall {
	t := d.t
	good := d.sinkhole("attribute[fixmystreet_id]", "1")
	changed := func(name, value string) string {
		form := with(good)
		form.Set(name, value)
		form.Add("first_name", "CANARY")
		return form.Encode()
	}
	update := func(pairs ...string) string {
		form := url.Values{
			"api_key": {d.key}, "service_request_id": {string(known)}, "update_id": {"1"}, "description": {"CANARY"}, "status": {"open"},
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return form.Encode()
	}
	photoKind, photo := parts(t, with(good), map[string][]byte{"CANARY.jpg": []byte("no picture, CANARY")})
	bombKind, bomb := parts(t, with(good), map[string][]byte{"x.png": append(append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0, 8, 6, 0, 0, 0), make([]byte, 40)...)})
	unknownKind, unknown := parts(t, with(good, "service_code", "x"), map[string][]byte{"x.jpg": picture(t)})
	unknown = bytes.NewBuffer(bytes.Replace(unknown.Bytes(), []byte("\r\n001\r\n"), []byte("\r\nnothing\r\n"), 1))
	keylessKind, keyless := parts(t, url.Values{"service_code": {"001"}}, map[string][]byte{"x.jpg": picture(t)})
	return []hostileCall{
		{"XML", "v2/requests.xml", "text/xml", "<service_requests><request>CANARY", 400},
		{"JSON", "v2/requests.json", "application/json", `{"service_code":"001","description":"CANARY`, 400},
		{"a broken escape", "v2/requests.xml", form311, "service_code=%zz&description=CANARY", 400},
		{"semicolons", "v2/requests.xml", form311, "a=1;b=CANARY", 400},
		{"no boundary", "v2/requests.xml", "multipart/form-data", "--x\r\nCANARY", 400},
		{"a body cut short", "v2/requests.xml", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nCANARY", 400},
		{"nothing", "v2/requests.xml", form311, "", 403},
		{"no key", "v2/requests.xml", form311, "service_code=001", 403},
		{"a wrong key", "v2/requests.xml", form311, changed("api_key", "CANARY"), 403},
		{"a huge key", "v2/requests.xml", form311, changed("api_key", strings.Repeat("CANARY", 1000)), 403},
		{"no service", "v2/requests.xml", form311, changed("service_code", ""), 400},
		{"an unknown service", "v2/requests.json", form311, changed("service_code", "CANARY"), 404},
		{"a service with a slash", "v2/requests.json", form311, changed("service_code", "../001"), 404},
		{"another town", "v2/requests.xml", form311, changed("jurisdiction_id", "elsewhere.gov"), 404},
		{"a place in another town", "v2/requests.xml", form311, changed("lat", "45.4642"), 400},
		{"zero and zero", "v2/requests.xml", form311, changed("lat", "0"), 400},
		{"NaN", "v2/requests.xml", form311, changed("lat", "NaN"), 400},
		{"infinity", "v2/requests.xml", form311, changed("long", "-Inf"), 400},
		{"too far north", "v2/requests.xml", form311, changed("lat", "91"), 400},
		{"hexadecimal", "v2/requests.xml", form311, changed("lat", "0x1p5"), 400},
		{"a comma", "v2/requests.xml", form311, changed("lat", "37,76"), 400},
		{"half a place", "v2/requests.xml", form311, changed("lat", ""), 400},
		{"no place", "v2/requests.xml", form311, "api_key=" + d.key + "&service_code=001", 400},
		{"4,001 characters", "v2/requests.xml", form311, changed("description", strings.Repeat("ü", 4001)), 400},
		{"a megabyte of text", "v2/requests.xml", form311, changed("description", strings.Repeat("CANARY ", 150_000)), 400},
		{"two megabytes", "v2/requests.xml", form311, changed("description", strings.Repeat("CANARY ", 300_000)), 400},
		{"600 fields", "v2/requests.xml", form311, good.Encode() + strings.Repeat("&attribute[x]=CANARY", 600), 400},
		{"a name that is no UTF-8", "v2/requests.xml", form311, changed("description", "CANARY") + "&%FF%FE=x", 400},
		{"a bad e-mail", "v2/requests.xml", form311, changed("email", "CANARY"), 400},
		{"no address of the web", "v2/requests.xml", form311, changed("media_url", "file:///etc/CANARY"), 400},
		{"eleven addresses", "v2/requests.xml", form311, good.Encode() + strings.Repeat("&media_url=https://example.org/CANARY", 11), 400},
		{"a long number of theirs", "v2/requests.xml", form311, changed("attribute[fixmystreet_id]", strings.Repeat("CANARY", 50)), 400},
		{"no picture", "v2/requests.xml", photoKind, photo.String(), 400},
		{"a bomb", "v2/requests.xml", bombKind, bomb.String(), 400},
		{"a picture and an unknown service", "v2/requests.xml", unknownKind, unknown.String(), 404},
		{"a picture without a key", "v2/requests.xml", keylessKind, keyless.String(), 403},
		{"an unknown format", "v2/requests.csv", form311, good.Encode(), 404},
		{"a text as service list", "v2/services.xml", form311, "CANARY", 405},

		{"an update without a key", "v2/servicerequestupdates.xml", form311, update("api_key", ""), 403},
		{"an update from the future", "v2/servicerequestupdates.xml", form311, update("updated_datetime", "2999-01-01T00:00:00Z"), 400},
		{"an update at no time", "v2/servicerequestupdates.xml", form311, update("updated_datetime", "CANARY"), 400},
		{"an unknown status", "v2/servicerequestupdates.xml", form311, update("status", "CANARY"), 400},
		{"an update of nothing", "v2/servicerequestupdates.xml", form311, update("service_request_id", "CANARY"), 404},
		{"an update of an unknown report", "v2/servicerequestupdates.xml", form311, update("service_request_id", string(civic.NewCode("TT", 1))), 404},
		{"no number", "v2/servicerequestupdates.xml", form311, update("update_id", ""), 400},
		{"no words and no status", "v2/servicerequestupdates.xml", form311, update("description", "", "status", ""), 400},
		{"a long update", "v2/servicerequestupdates.xml", form311, update("description", strings.Repeat("CANARY", 1000)), 400},
	}
}

// TestSeveralMistakesAreToldAtOnce spares a client one call for each.
func TestSeveralMistakesAreToldAtOnce(t *testing.T) {
	d := newDoor(t)
	a := d.call("v2/requests.xml", url.Values{"api_key": {d.key}, "service_code": {"001"}, "lat": {"x"}, "long": {"y"}, "email": {"x"}, "media_url": {"x"}})
	if e := d.strict(a, "errors"); a.status != http.StatusBadRequest || len(e.kids) != 4 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAGigabyteIsNotRead(t *testing.T) {
	d := newDoor(t)
	for _, kind := range []string{form311, "multipart/form-data; boundary=x"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(d.http.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // the other side has closed it
		_, err = fmt.Fprintf(conn, "POST /open311/v2/requests.xml HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", kind, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		sent := 0
		chunk := []byte(strings.Repeat("a", 64<<10))
		if strings.HasPrefix(kind, "multipart") {
			if _, err := fmt.Fprint(conn, "--x\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
		}
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second)) // a connection of this machine
		answered := make(chan []byte, 1)
		go func() {
			head := make([]byte, 12)
			if _, err := io.ReadFull(conn, head); err != nil && !errors.Is(err, io.EOF) {
				head = []byte(err.Error())
			}
			answered <- head
		}()
		for sent < 1<<30 {
			n, err := conn.Write(chunk)
			if sent += n; err != nil {
				break
			}
		}
		if head := string(<-answered); head != "HTTP/1.1 400" && !strings.Contains(head, "reset") {
			t.Errorf("%s: answered %q", kind, head)
		}
		if sent > 64<<20 {
			t.Errorf("%s: %d MB were taken", kind, sent>>20)
		}
	}
}

func TestEveryLanguageAndSignIsKept(t *testing.T) {
	d := newDoor(t)
	for _, words := range []string{
		"حفرة كبيرة في الشارع", "\u200fשלום — בור בכביש", "Buca 🕳️👷🏽‍♀️ davanti al n° 5", "Über <b>Straße</b> & \"Bürgersteig\" ]]>", "一个大坑\nzweite Zeile\tTab",
	} {
		form := d.sinkhole("attribute[fixmystreet_id]", words)
		form.Set("description", words)
		r := d.made(form)
		if got := d.both("service_requests", "v2/requests/"+string(r.Code)).at("request").child("description"); got != words {
			t.Errorf("%q comes back as %q", words, got)
		}
	}
}

func TestWrongKeysAreCounted(t *testing.T) {
	d := newDoor(t)
	var last int
	for i := range 30 {
		last = d.call("v2/requests.xml", url.Values{"api_key": {fmt.Sprint("segnavia_", i)}, "service_code": {"001"}}).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the thirtieth wrong key is answered %d", last)
	}
	if r := d.made(d.sinkhole()); r.Code == "" {
		t.Error("a good key is refused for the wrong ones before it")
	}
}

func TestAKeyOpensItsScopesAndNoMore(t *testing.T) {
	d := newDoor(t)
	reader := d.newKey("reader", civic.KeyUpdates)
	form := d.sinkhole()
	form.Set("api_key", reader)
	if a := d.call("v2/requests.xml", form); a.status != http.StatusForbidden || !strings.Contains(a.body, "requests") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := d.call("v2/servicerequestupdates.xml?api_key="+reader, nil); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	writer := d.newKey("writer", civic.KeyRequests)
	if a := d.call("v2/servicerequestupdates.xml?api_key="+writer, nil); a.status != http.StatusForbidden {
		t.Errorf("%d %s", a.status, a.body)
	}
	if _, err := d.db.RevokeAPIKey(t.Context(), d.town.ID, writer[:strings.LastIndexByte(writer, '_')]); err != nil {
		t.Fatal(err)
	}
	form.Set("api_key", writer)
	if a := d.call("v2/requests.xml", form); a.status != http.StatusForbidden {
		t.Errorf("a revoked key: %d %s", a.status, a.body)
	}
}
