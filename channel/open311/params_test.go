package open311

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"segnavia/civic"
)

func read(t testing.TB, target, kind, body string) (*params, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	u, err := url.Parse("/?" + target)
	if err != nil {
		t.Skip("no address of a request")
	}
	r.URL = u
	r.Header.Set("Content-Type", kind)
	p, err := readParams(r, func(*params) error { return nil })
	t.Cleanup(p.remove)
	return p, err
}

const form = "application/x-www-form-urlencoded; charset=utf-8"

func TestAttributesInEveryWriting(t *testing.T) {
	p, err := read(t, "attribute[q]=0", form,
		"attribute[A]=1&attribute%5BB%5D%5B%5D=2&attribute[B][]=3&attribute[C]=4&attribute[C]=5&attribute[D][0]=6&attribute[D][1]=7"+
			"&attribute[]=x&attribute[E=x&attribute[F]x=x&attribute[G][h]=x&attributes[I]=x&attribute[J]=&attribute[K][][]=x")
	if err != nil {
		t.Fatal(err)
	}
	got := p.attributes()
	for code, want := range map[string][]string{"q": {"0"}, "A": {"1"}, "B": {"2", "3"}, "C": {"4", "5"}, "D": {"6", "7"}} {
		slices.Sort(got[code])
		if !slices.Equal(got[code], want) {
			t.Errorf("%s: %v, want %v", code, got[code], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("attributes %v", got)
	}
}

func TestQueryAndBodyAreOne(t *testing.T) {
	p, err := read(t, "jurisdiction_id=city.gov&lat=&long=8", form, "lat=44&long=9&service_request_id=a,b&service_request_id=c,,%20")
	if err != nil || p.get("jurisdiction_id") != "city.gov" || p.get("lat") != "44" || p.get("long") != "9" || p.get("email") != "" {
		t.Errorf("%v %v", p.values, err)
	}
	if ids := p.all("service_request_id"); !slices.Equal(ids, []string{"a", "b", "c"}) {
		t.Errorf("ids %v", ids)
	}
}

// TestPicturesWaitForTheKey lets a body bring a picture before its key: the picture
// is never read.
func TestPicturesWaitForTheKey(t *testing.T) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("media", "x.jpg")
	if err == nil {
		_, err = part.Write([]byte("picture"))
	}
	if err == nil {
		err = w.WriteField("api_key", "k")
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	asked := 0
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body.Bytes()))
	r.Header.Set("Content-Type", w.FormDataContentType())
	p, err := readParams(r, func(p *params) error {
		asked++
		if p.get("api_key") == "" {
			return forbidden("open311.error.key_missing")
		}
		return nil
	})
	defer p.remove()
	if list, _ := faultsOf(err); err == nil || list[0].status != http.StatusForbidden || len(p.files) > 0 || asked != 1 {
		t.Errorf("%v, %d files, asked %d times", err, len(p.files), asked)
	}
	r = httptest.NewRequest(http.MethodPost, "/?api_key=k", bytes.NewReader(body.Bytes()))
	r.Header.Set("Content-Type", w.FormDataContentType())
	p, err = readParams(r, func(*params) error { return nil })
	if err != nil || len(p.files) != 1 {
		t.Fatalf("%v, %d files", err, len(p.files))
	}
	name := p.files[0]
	if raw, err := os.ReadFile(name); err != nil || string(raw) != "picture" {
		t.Errorf("%q %v", raw, err)
	}
	p.remove()
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("the file stays: %v", err)
	}
}

func TestMoments(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{
		"1994-11-05T08:15:30-05:00": "1994-11-05T13:15:30Z", "1994-11-05T13:15:30Z": "1994-11-05T13:15:30Z",
		"2027-03-14T09:30+01:00": "2027-03-14T08:30:00Z", "2027-03-14T09:30:00 01:00": "2027-03-14T08:30:00Z", "2027-03-14": "2027-03-13T23:00:00Z",
		"2027-03-14T09:30:00.987Z": "2027-03-14T09:30:00Z",
		"2027-03-14T09:30:00":      "2027-03-14T08:30:00Z", "2027-03-14 09:30:00,5+0100": "2027-03-14T08:30:00Z",
	} {
		got, ok := moment(s, rome)
		if !ok || stamp(got.Time, time.UTC) != want {
			t.Errorf("%s is %s, want %s", s, stamp(got.Time, time.UTC), want)
		}
	}
	for _, s := range []string{"", "now", "2027-03-28T02:30:00", "2027-02-30T00:00:00Z", "0001-01-01T00:00:00Z", "14/03/2027", "1e9"} {
		if at, ok := moment(s, rome); ok {
			t.Errorf("%q is taken for %s", s, at.Time)
		}
	}
}

// TestADayIsAWholeDayOfTheTown asks for one day, both ends the same.
func TestADayIsAWholeDayOfTheTown(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	p := &params{values: url.Values{"start_date": {"2027-03-14"}, "end_date": {"2027-03-14"}}}
	from, to, wrong := p.window(time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC), maxSpan, rome)
	if len(wrong) > 0 || stamp(from, rome) != "2027-03-14T00:00:00+01:00" || stamp(to, rome) != "2027-03-14T23:59:59+01:00" {
		t.Errorf("from %s to %s, %v", from, to, wrong)
	}
}

func TestEveryStatusOfTheTownHasAWord(t *testing.T) {
	never := []string{"closed", "internal_referral", "for_triage", "planned", "cancelled"}
	for _, s := range civic.Statuses {
		for _, ending := range []civic.Ending{civic.EndingNone, civic.EndingWork, civic.EndingDuplicate, civic.EndingNotOurs} {
			word := extended(s, ending, false)
			if (word == "") != (s == civic.StatusClosed) || slices.Contains(never, word) {
				t.Errorf("%s %q is %q", s, ending, word)
			}
			if _, known := accepted[word]; word != "" && !known {
				t.Errorf("%q is not accepted back", word)
			}
		}
	}
	if extended(civic.StatusAcknowledged, civic.EndingNone, true) != "open" {
		t.Error("a contest is not open")
	}
	for _, s := range []string{
		"open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating", "duplicate", "not_councils_responsibility",
		"no_further_action", "internal_referral", "for_triage", "cancelled", "REOPEN", "OPEN", "FIXED", "",
	} {
		if _, _, ok := statusOf(s); !ok {
			t.Errorf("%q is refused", s)
		}
	}
	if _, _, ok := statusOf("lost"); ok {
		t.Error("any word is a status")
	}
}

func TestTextsAreEscapedInBothFormats(t *testing.T) {
	n := list("services", group("service", text("description", "a <b> & \"c\" \x01\u2028é"), text("empty", ""), truth("metadata", true), number("lat", 44.5), node{name: "long", kind: kindBare}))
	if got := string(n.xml()); got != xmlHeader+"<services><service><description>a &lt;b&gt; &amp; &#34;c&#34; \uFFFD\u2028é</description><empty></empty><metadata>true</metadata><lat>44.5</lat><long></long></service></services>\n" {
		t.Errorf("%s", got)
	}
	if got := string(n.json()); got != `[{"description":"a \u003cb\u003e \u0026 \"c\" \u0001\u2028é","empty":null,"metadata":true,"lat":44.5,"long":null}]`+"\n" {
		t.Errorf("%s", got)
	}
}

// FuzzParams reads any body by any type: it never panics, and what it gives is
// within bounds, in UTF-8, and leaves no file.
func FuzzParams(f *testing.F) {
	f.Add("jurisdiction_id=city.gov", form, "service_code=001&lat=37.76&long=-122.4&attribute[A][]=1&media_url=http://x")
	f.Add("", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"m\"; filename=\"x.jpg\"\r\n\r\nx\r\n--x--\r\n")
	f.Add("start_date=2027-01-01T00:00:00Z&page=2", "text/xml", "<a/>")
	f.Add("a=%zz", "", "lat=NaN")
	f.Fuzz(func(t *testing.T, query, kind, body string) {
		u, err := url.Parse("/")
		if err != nil {
			t.Fatal(err)
		}
		u.RawQuery = query
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL = u
		r.Header.Set("Content-Type", kind)
		p, err := readParams(r, func(*params) error { return nil })
		defer p.remove()
		if err != nil {
			if list, ours := faultsOf(err); ours || list[0].status < 400 || list[0].status > 499 {
				t.Fatalf("%v", err)
			}
		}
		if len(p.values) > maxFields || len(p.files) > civic.MaxAttachments {
			t.Fatalf("%d fields, %d files", len(p.values), len(p.files))
		}
		for name, values := range p.values {
			for _, v := range values {
				if v == "" || !utf8.ValidString(v+name) || strings.ContainsRune(v, 0) {
					t.Fatalf("%q=%q", name, v)
				}
			}
		}
		if lon, lat, wrong := p.place(); len(wrong) == 0 && lon != nil && !(*lon >= -180 && *lon <= 180 && *lat >= -90 && *lat <= 90) {
			t.Fatalf("place %v %v", *lon, *lat)
		}
		now := time.Date(2027, 3, 14, 9, 0, 0, 0, time.UTC)
		if from, to, wrong := p.window(now, maxSpan, time.UTC); len(wrong) == 0 && (to.Before(from) || to.Sub(from) > maxSpan+26*time.Hour) {
			t.Fatalf("window %s %s", from, to)
		}
		if skip, size, wrong := p.page(maxRequests); len(wrong) == 0 && (skip < 0 || skip > maxSkip || size < 1 || size > maxRequests) {
			t.Fatalf("page %d %d", skip, size)
		}
		p.attributes()
		_, _ = p.media() // only that it returns
	})
}
