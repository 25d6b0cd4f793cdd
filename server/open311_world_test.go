package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/outbound"
	"segnavia/photo"
	"segnavia/server"
	"segnavia/storage"
	"segnavia/storage/storagetest"
	fieldsync "segnavia/sync"
	"segnavia/tiles"
	"segnavia/web"
)

// lockedBuffer is a log that many write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// door is a server with a town, seen by another program that holds a key. The town
// lies where the specification's example reports a sinkhole, and has its services.
type door struct {
	*pages
	url string // of the database
	key string
	log *lockedBuffer
}

func newDoor(t *testing.T) *door {
	t.Helper()
	town := civictest.Town("genova")
	town.Hosts = []string{"city.gov"}
	town.Phone = "010 1010"
	for i, west := range []float64{-122.5, -122.4} {
		town.Areas[i].Shape = fmt.Appendf(nil, `{"type":"Polygon","coordinates":[[[%[1]g,37.7],[%[2]g,37.7],[%[2]g,37.8],[%[1]g,37.8],[%[1]g,37.7]]]}`, west, west+0.1)
	}
	town.Features = []civic.Feature{
		{Kind: "street", Name: "Via Balbi", Shape: []byte(`{"type":"LineString","coordinates":[[-122.42,37.76],[-122.419,37.761]]}`)},
	}
	town.Reasons = []civic.Reason{
		{ID: civic.DeriveID[civic.Reason](town.ID, "dup"), For: civic.StatusRejected, Name: "Già segnalato", Means: civic.EndingDuplicate},
		{ID: civic.DeriveID[civic.Reason](town.ID, "else"), For: civic.StatusRejected, Name: "Non è del Comune", Means: civic.EndingNotOurs},
		{ID: civic.DeriveID[civic.Reason](town.ID, "gone"), For: civic.StatusResolved, Name: "Non c'era più"},
	}
	town.Services = append(town.Services, specServices(town)...)
	d := &door{pages: &pages{t: t, town: town}, log: &lockedBuffer{}}
	d.url = storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	var err error
	d.db, err = storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, d.url, storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.db.Close)
	if err := d.db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	bucket, words, drawn := furniture(t)
	d.srv, err = server.New(server.Options{
		Store: d.db, Bucket: pageBucket{bucket}, Sync: fieldsync.New(fieldsync.Options{}), Tiles: tiles.NewServer(1<<20, time.Now),
		Town: func(civic.JurisdictionID) *tiles.Town { return nil }, Photos: photo.New(t.TempDir()), Words: words, Pages: drawn,
		Assets: web.Assets(), Logger: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Outside: outbound.New(outbound.Options{
			Permit:  func(a netip.AddrPort) bool { return a.Addr().IsLoopback() },
			Timeout: 5 * time.Second,
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.http = httptest.NewServer(d.srv)
	t.Cleanup(d.http.Close)
	d.key = d.newKey("fixmystreet", civic.KeyScopes...)
	return d
}

// specServices are those of the specification's examples.
func specServices(b *civic.Blueprint) []civic.Service {
	service := func(code, name, group, description string, attributes ...civic.Attribute) civic.Service {
		return civic.Service{
			ID: civictest.ID[civic.Service](b.ID, code), Code: code, Name: name, Group: group, Description: description, Kind: "issue",
			Keywords: []string{"lorem", "ipsum", "dolor"}, Public: civic.PublishPhotos, Contact: "optional", Desk: b.Desks[0].ID,
			Attributes: attributes,
		}
	}
	return []civic.Service{
		service("001", "Cans left out 24x7", "sanitation", "Garbage or recycling cans that have been left out.",
			civic.Attribute{Code: "WHISPAWN", Datatype: civic.TypeNumber, Question: "Pawn?"},
			civic.Attribute{Code: "WHISDORN", Datatype: civic.TypeOne, Question: "Dorn?", Values: []civic.AttributeValue{{Key: "COISL001", Name: "Island"}, {Key: "COISL002", Name: "Coast"}}}),
		service("DMV66", "Driver", "street", "",
			civic.Attribute{Code: "WHISHETN", Datatype: civic.TypeOne, Required: true, Question: "What is the ticket/tag/DL number?", Values: []civic.AttributeValue{{Key: "123", Name: "Ford"}, {Key: "124", Name: "Chrysler"}}},
			civic.Attribute{Code: "COLOURS", Datatype: civic.TypeMany, Question: "Which colours?", Values: []civic.AttributeValue{{Key: "red", Name: "Red"}, {Key: "blue", Name: "Blue"}, {Key: "green", Name: "Green"}}},
			civic.Attribute{Code: "WHEN", Datatype: civic.TypeDatetime, Question: "When?", Hint: "ISO 8601"},
			civic.Attribute{Code: "PLATE", Datatype: civic.TypeString, Question: "Plate?"},
			civic.Attribute{Code: "MORE", Datatype: civic.TypeText, Question: "Anything else?"},
			civic.Attribute{Code: "NOTE", Datatype: civic.TypeText, Informs: true, Question: "Read this & that <first>."}),
	}
}

func (d *door) newKey(name string, scopes ...string) string {
	d.t.Helper()
	key, _, err := d.db.AddAPIKey(d.t.Context(), d.town.ID, name, scopes, time.Now().Add(time.Hour))
	if err != nil {
		d.t.Fatal(err)
	}
	return key
}

// send makes a call; a nil form is a GET.
func (d *door) call(path string, form url.Values) answer {
	d.t.Helper()
	var body io.Reader
	method := http.MethodGet
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	return d.raw(method, path, "application/x-www-form-urlencoded; charset=utf-8", body)
}

func (d *door) raw(method, path, kind string, body io.Reader) answer {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.http.URL+"/open311/"+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return answer{status: res.StatusCode, body: string(raw), header: res.Header, location: path}
}

// xml makes a call and reads its answer strictly.
func (d *door) xml(root, path string, form url.Values) element {
	d.t.Helper()
	return d.strict(d.call(path, form), root)
}

func (d *door) strict(a answer, root string) element {
	d.t.Helper()
	want := "text/xml; charset=utf-8"
	if root == "discovery" {
		want = "text/xml"
	}
	if got := a.header.Get("Content-Type"); got != want {
		d.t.Errorf("%s comes as %s", a.location, got)
	}
	e, err := readStrictly([]byte(a.body), root)
	if err != nil {
		d.t.Fatalf("%s (%d): %v\n%s", a.location, a.status, err, a.body)
	}
	return e
}

// both gets the same in XML and JSON and demands that they say the same.
func (d *door) both(root, path string) element {
	d.t.Helper()
	name, query, _ := strings.Cut(path, "?")
	e := d.xml(root, name+".xml?"+query, nil)
	a := d.call(name+".json?"+query, nil)
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		d.t.Errorf("%s.json comes as %s", name, got)
	}
	var got any
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.UseNumber()
	if err := decoder.Decode(&got); err != nil {
		d.t.Fatalf("%s.json: %v\n%s", name, err, a.body)
	}
	if want, have := spark(e), flat(got); want != have {
		d.t.Errorf("%s differs:\nXML  %s\nJSON %s", path, want, have)
	}
	return e
}

// spark writes an element as the Spark convention makes it JSON, each value as text.
func spark(e element) string {
	if children[e.name] == "" {
		return fmt.Sprintf("%q", e.text)
	}
	if strings.HasSuffix(e.name, "s") && e.name != "extended_attributes" {
		var items []string
		for _, k := range e.kids {
			items = append(items, spark(k))
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	fields := make(map[string]string)
	for _, k := range e.kids {
		fields[k.name] = spark(k)
	}
	return object(fields)
}

func flat(v any) string {
	switch v := v.(type) {
	case nil:
		return `""`
	case []any:
		var items []string
		for _, one := range v {
			items = append(items, flat(one))
		}
		return "[" + strings.Join(items, ",") + "]"
	case map[string]any:
		fields := make(map[string]string)
		for name, one := range v {
			fields[name] = flat(one)
		}
		return object(fields)
	default:
		return fmt.Sprintf("%q", fmt.Sprint(v))
	}
}

func object(fields map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		b.WriteString(name + ":" + fields[name] + ";")
	}
	return "{" + b.String() + "}"
}

// sinkhole is a report that is all right.
func (d *door) sinkhole(more ...string) url.Values {
	form := url.Values{
		"api_key": {d.key}, "service_code": {"001"}, "lat": {"37.76524078"}, "long": {"-122.4212043"},
		"description": {"A large sinkhole is destroying the street"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return form
}

// report makes a report and reads it.
func (d *door) made(form url.Values) civic.Report {
	d.t.Helper()
	a := d.call("v2/requests.xml", form)
	if a.status != http.StatusCreated {
		d.t.Fatalf("%d %s", a.status, a.body)
	}
	code := d.strict(a, "service_requests").at("request").child("service_request_id")
	r, err := d.db.ReportByCode(d.t.Context(), d.town.ID, civic.Code(code))
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// parts writes a multipart body: fields first, then files.
func parts(t *testing.T, form url.Values, files map[string][]byte) (kind string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, raw := range files {
		part, err := w.CreateFormFile("media", name)
		if err == nil {
			_, err = part.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}
