package server_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/photo"
	"segnavia/server"
	"segnavia/storage"
	"segnavia/storage/objects"
	"segnavia/storage/storagetest"
	fieldsync "segnavia/sync"
	"segnavia/text"
	"segnavia/tiles"
	"segnavia/web"
)

// pageBucket gives the server a bucket of the tests' gateway.
type pageBucket struct{ *objects.Bucket }

func (b pageBucket) Get(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	o, err := b.Bucket.Get(ctx, key)
	if errors.Is(err, objects.ErrNotFound) {
		return nil, errors.Join(civic.ErrNotFound, err)
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

func (b pageBucket) Ping(context.Context) error { return nil }

// pages is a server with a town, and a browser without script.
type pages struct {
	t    *testing.T
	db   *storage.DB
	town *civic.Blueprint
	srv  *server.Server
	http *httptest.Server
	jar  http.CookieJar
}

// furniture is what every server of a test stands on beside its database.
func furniture(t testing.TB) (*objects.Bucket, *text.Catalogue, *web.Pages) {
	t.Helper()
	s3 := storagetest.Bucket(t)
	bucket, err := objects.Open(t.Context(), objects.Config{
		Endpoint: s3.Endpoint, Bucket: s3.Bucket, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region,
	})
	if err != nil {
		t.Fatal(err)
	}
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := web.NewPages(words)
	if err != nil {
		t.Fatal(err)
	}
	return bucket, words, drawn
}

func newPages(t *testing.T, change ...func(*civic.Blueprint)) *pages {
	t.Helper()
	town := civictest.Town("genova")
	town.Phone = "010 1010"
	town.Features = []civic.Feature{
		{Kind: "street", Name: "Via Balbi", Shape: []byte(`{"type":"LineString","coordinates":[[8.85,44.42],[8.852,44.421]]}`)},
		{Kind: "street", Name: "Piazza De Ferrari", Shape: []byte(`{"type":"LineString","coordinates":[[8.86,44.43],[8.861,44.43]]}`)},
	}
	town.Services = append(town.Services, civic.Service{
		ID: civictest.ID[civic.Service](town.ID, "other"), Code: "other", Name: "Altro", Group: "Altro", Kind: "issue",
		Public: civic.PublishPlace, Contact: "optional", Desk: town.Desks[0].ID,
	})
	for _, c := range change {
		c(town)
	}
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, storagetest.Database(t, storage.Migrate, storage.SchemaKey()), storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	bucket, words, drawn := furniture(t)
	p := &pages{t: t, db: db, town: town}
	p.srv, err = server.New(server.Options{
		Store: db, Bucket: pageBucket{bucket}, Sync: fieldsync.New(fieldsync.Options{}), Tiles: tiles.NewServer(1<<20, time.Now),
		Town: func(civic.JurisdictionID) *tiles.Town { return nil }, Photos: photo.New(t.TempDir()), Words: words, Pages: drawn,
		Assets: web.Assets(), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.http = httptest.NewServer(p.srv)
	t.Cleanup(p.http.Close)
	p.forget()
	return p
}

// forget throws away the browser's cookies.
func (p *pages) forget() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.jar = jar
}

type answer struct {
	status   int
	location string // where a chain of redirections ended
	body     string
	header   http.Header
}

func (p *pages) do(req *http.Request) answer {
	p.t.Helper()
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	res, err := (&http.Client{Jar: p.jar}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.RequestURI(), string(body), res.Header}
}

func (p *pages) get(path string) answer {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.http.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do(req)
}

func (p *pages) post(path string, fields url.Values) answer {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.http.URL+path, strings.NewReader(fields.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(req)
}

// send posts a form as a browser does, with a file for each entry of files.
func (p *pages) send(path string, fields url.Values, files map[string][]byte) answer {
	p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	empty := textproto.MIMEHeader{}
	empty.Set("Content-Disposition", `form-data; name="photo"; filename=""`)
	if _, err := w.CreatePart(empty); err != nil { // an input that was left empty
		p.t.Fatal(err)
	}
	for name, raw := range files {
		part, err := w.CreateFormFile("photo", name)
		if err == nil {
			_, err = part.Write(raw)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.http.URL+path, &b)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return p.do(req)
}

func (p *pages) want(a answer, status int, parts ...string) {
	p.t.Helper()
	if a.status != status {
		p.t.Fatalf("%s: status %d, want %d\n%.2000s", a.location, a.status, status, a.body)
	}
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			p.t.Errorf("%s lacks %q", a.location, part)
		}
	}
}

func (p *pages) lacks(a answer, parts ...string) {
	p.t.Helper()
	for _, part := range parts {
		if strings.Contains(a.body, part) {
			p.t.Errorf("%s shows %q", a.location, part)
		}
	}
}

func (p *pages) apply(login string, report civic.ReportID, kind civic.Kind, args any) {
	p.t.Helper()
	a, err := p.db.Apply(p.t.Context(), p.town.ID, civictest.Edit(civictest.Actor(p.town, login), report, 1000, kind, args), 0)
	if err != nil || a.Status == civic.Refused {
		p.t.Fatalf("%s: %+v %v", kind, a, err)
	}
}

var spokenCode = regexp.MustCompile(`data-code="([A-Z]{2}[0-9]{8})"`)

// report sends a report and gives what its thanks page shows.
func (p *pages) report(fields url.Values, files map[string][]byte) (civic.Report, answer) {
	p.t.Helper()
	a := p.send("/report", fields, files)
	p.want(a, http.StatusOK)
	found := spokenCode.FindStringSubmatch(a.body)
	if found == nil {
		p.t.Fatalf("no code on the page at %s:\n%.3000s", a.location, a.body)
	}
	r, err := p.db.ReportByCode(p.t.Context(), p.town.ID, civic.Code(found[1]))
	if err != nil {
		p.t.Fatal(err)
	}
	return r, a
}

func picture(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range 300 {
		m.Set(i, i, color.RGBA{200, 80, 20, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var hole = url.Values{
	"service": {"pothole"}, "address": {"v. Balbi 12"}, "description": {"Grande come un piatto"},
	"hazard": {"no"}, "phone": {"333 1234567"}, "prefers": {"phone"}, "name": {"Ada Verdi"},
}
