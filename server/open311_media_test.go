package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/photo/phototest"
	"segnavia/storage"
)

func TestPicturesOfABodyBelongToTheReport(t *testing.T) {
	d := newDoor(t)
	kind, body := parts(t, d.sinkhole("attribute[fixmystreet_id]", "1"), map[string][]byte{"hole.jpg": picture(t)})
	sent := body.String()
	a := d.raw(http.MethodPost, "v2/requests.xml", kind, strings.NewReader(sent))
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	code := d.strict(a, "service_requests").at("request").child("service_request_id")
	r, err := d.db.ReportByCode(t.Context(), d.town.ID, civic.Code(code))
	if err != nil || len(r.Photos) != 1 {
		t.Fatalf("report %+v, %v", r, err)
	}
	if again := d.raw(http.MethodPost, "v2/requests.xml", kind, strings.NewReader(sent)); again.body != a.body {
		t.Errorf("sent again: %s", again.body)
	}
	for hash := range r.Photos {
		if err := d.srv.RenderPhoto(t.Context(), d.town.ID, hash, []civic.ReportID{r.ID}); err != nil {
			t.Fatal(err)
		}
		if url := d.both("service_requests", "v2/requests/"+code).at("request").child("media_url"); url != "" {
			t.Errorf("a picture that nobody looked at is told: %s", url)
		}
		d.apply("operator", r.ID, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)})
		address := d.both("service_requests", "v2/requests/"+code).at("request").child("media_url")
		res, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // only the head is wanted
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s is answered %d %s", address, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

// TestAKeyMayComeAfterThePictures sends the fields as some clients do, in any order,
// and more such bodies of one address at once than are read.
func TestAKeyMayComeAfterThePictures(t *testing.T) {
	d := newDoor(t)
	kind, body := parts(t, url.Values{"service_code": {"001"}, "lat": {"37.765"}, "long": {"-122.421"}}, map[string][]byte{"hole.jpg": picture(t)})
	end := "--" + strings.TrimPrefix(kind, "multipart/form-data; boundary=")
	late := strings.TrimSuffix(body.String(), end+"--\r\n")
	key := end + "\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\n" + d.key + "\r\n" + end + "--\r\n"
	if a := d.raw(http.MethodPost, "v2/requests.xml", kind, strings.NewReader(late+key)); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := d.raw(http.MethodPost, "v2/requests.xml", kind, strings.NewReader(body.String())); a.status != http.StatusForbidden {
		t.Errorf("without a key: %d %s", a.status, a.body)
	}
	kind, body = parts(t, url.Values{"service_code": {"001"}}, map[string][]byte{"large.jpg": make([]byte, 200<<10)})
	half := body.String()[:body.Len()/2]
	// More than there are places: one that meets the question below is sent away.
	var pipes []*io.PipeWriter
	for range 12 {
		r, w := io.Pipe()
		pipes = append(pipes, w)
		go func() {
			if res, err := http.Post(d.http.URL+"/open311/v2/requests.xml", kind, r); err == nil {
				_ = res.Body.Close() // it broke off
			}
		}()
		if _, err := io.WriteString(w, half); err != nil {
			t.Fatal(err)
		}
	}
	becomes := func(want int) {
		t.Helper()
		got := 0
		for deadline := time.Now().Add(10 * time.Second); got != want && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			got = d.raw(http.MethodPost, "v2/requests.xml", kind, strings.NewReader(body.String())).status
		}
		if got != want {
			t.Errorf("one more is answered %d, want %d", got, want)
		}
	}
	becomes(http.StatusTooManyRequests)
	for _, w := range pipes {
		_ = w.CloseWithError(io.ErrUnexpectedEOF) // a client that breaks off
	}
	becomes(http.StatusForbidden) // the places are free again
}

// TestNamedPicturesAreFetchedLater runs the jobs as the program does: the report
// stands at once, its picture follows.
func TestNamedPicturesAreFetchedLater(t *testing.T) {
	d := newDoor(t)
	hole := picture(t)
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hole.jpg":
			_, _ = w.Write(hole) // the test looks at what came
		case "/moved.jpg":
			http.Redirect(w, r, "/hole.jpg", http.StatusFound)
		case "/words.jpg":
			_, _ = w.Write([]byte("no picture"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer far.Close()
	r := d.made(d.sinkhole("media_url", far.URL+"/hole.jpg", "media_url", far.URL+"/moved.jpg", "media_url", far.URL+"/words.jpg",
		"media_url", far.URL+"/secret-CANARY.jpg", "attribute[fixmystreet_id]", "1"))
	if len(r.Photos) != 0 {
		t.Fatalf("the call waited for %d pictures", len(r.Photos))
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- d.db.RunJobs(ctx, storage.Workers{
			FetchMedia: d.srv.FetchMedia,
			Photo: func(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error {
				waiting, err := d.db.WaitingFor(ctx, j, hash)
				if err != nil {
					return err
				}
				return d.srv.RenderPhoto(ctx, j, hash, waiting)
			},
			ErasePhoto: func(context.Context, civic.JurisdictionID, civic.SHA256) error { return nil },
			Clock:      func(context.Context) error { return nil },
		}, slog.New(slog.NewTextHandler(d.log, nil)))
	}()
	ready := func(r civic.Report) bool {
		for _, p := range r.Photos {
			if p.State == civic.PhotoReady && p.Stage == civic.StageReport {
				return true
			}
		}
		return false
	}
	for deadline := time.Now().Add(30 * time.Second); !ready(r) && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		if r, err = d.db.Report(t.Context(), d.town.ID, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !ready(r) || len(r.Photos) != 1 {
		t.Errorf("pictures %+v", r.Photos)
	}
	if left, err := d.db.RemoteMedia(t.Context(), d.town.ID, r.ID); err != nil || len(left) != 0 {
		t.Errorf("%d addresses are kept, %v", len(left), err)
	}
	if log := d.log.String(); strings.Contains(log, "CANARY") || !strings.Contains(log, "outbound_status") || !strings.Contains(log, "outbound_redirect") || !strings.Contains(log, "photo_type") {
		t.Errorf("log:\n%s", log)
	}
}

func TestAPictureThatCannotBeHadYetIsTriedAgainAndThenForgotten(t *testing.T) {
	d := newDoor(t)
	var tries int
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries++
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer far.Close()
	r := d.made(d.sinkhole("media_url", far.URL+"/CANARY.jpg"))
	fetch := func(last bool) int {
		err := d.srv.FetchMedia(t.Context(), d.town.ID, r.ID, last)
		if (err == nil) != last {
			t.Errorf("last %t: %v", last, err)
		}
		if err != nil && strings.Contains(err.Error(), "CANARY") {
			t.Errorf("the error holds the address: %v", err)
		}
		left, err := d.db.RemoteMedia(t.Context(), d.town.ID, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(left)
	}
	if fetch(false) != 1 || fetch(true) != 0 || tries != 2 {
		t.Errorf("%d tries", tries)
	}
	// An update brings pictures too; a purge takes what is still to be fetched.
	if a := d.call("v2/servicerequestupdates.xml", d.update(r.Code, "1", "description", "x", "media_url", far.URL+"/2.jpg")); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if left, err := d.db.RemoteMedia(t.Context(), d.town.ID, r.ID); err != nil || len(left) != 1 {
		t.Errorf("%d addresses, %v", len(left), err)
	}
	d.apply("admin", r.ID, civic.KindPurge, struct{}{})
	if left, err := d.db.RemoteMedia(t.Context(), d.town.ID, r.ID); err != nil || len(left) != 0 {
		t.Errorf("%d addresses after the erasure, %v", len(left), err)
	}
}

// TestDocumentsOfABodyAreTakenOrRefusedInWords sends documents as another program
// does.
func TestDocumentsOfABodyAreTakenOrRefusedInWords(t *testing.T) {
	d := newDoor(t)
	kind, body := parts(t, d.sinkhole("attribute[fixmystreet_id]", "1"), map[string][]byte{"a.pdf": phototest.PDF("")})
	a := d.raw(http.MethodPost, "v2/requests.xml", kind, body)
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	code := d.strict(a, "service_requests").at("request").child("service_request_id")
	r, err := d.db.ReportByCode(t.Context(), d.town.ID, civic.Code(code))
	if err != nil || len(r.Photos) != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	for hash := range r.Photos {
		if err := d.srv.RenderPhoto(t.Context(), d.town.ID, hash, []civic.ReportID{r.ID}); err != nil {
			t.Fatal(err)
		}
		if url := d.both("service_requests", "v2/requests/"+code).at("request").child("media_url"); url != "" {
			t.Errorf("a document is told: %s", url)
		}
	}
	kind, body = parts(t, d.sinkhole("attribute[fixmystreet_id]", "2"), map[string][]byte{"b.pdf": phototest.PDF("/Encrypt 9 0 R")})
	a = d.raw(http.MethodPost, "v2/requests.xml", kind, body)
	if a.status != http.StatusBadRequest || !strings.Contains(a.body, "protetto da password") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
