package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
)

// TestAPictureInPiecesReachesItsCase sends a picture over three requests and two
// servers: any node takes up where another stopped.
func TestAPictureInPiecesReachesItsCase(t *testing.T) {
	u := newTus(t)
	b := picture(t)
	u.attach(b)
	path := u.begin(len(b), "Upload-Metadata", said("sha256", string(hashOf(b)), "filetype", "image/jpeg", "report", u.report.String()))
	half := len(b) / 2
	if a := u.patch(path, 0, b[:half]); a.status != http.StatusNoContent || a.header.Get("Upload-Offset") != strconv.Itoa(half) || a.header.Get("Upload-Expires") == "" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	u.http.Close()
	u.http = u.again() // another node: nothing was in the first one's memory
	if got := u.offset(path); got != half {
		t.Fatalf("offset %d of %d", got, half)
	}
	if a := u.patch(path, half, b[half:]); a.status != http.StatusNoContent || a.header.Get("Upload-Offset") != strconv.Itoa(len(b)) {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	if got := u.upload(path); got.State != civic.UploadDone || u.pieces() != 0 {
		t.Errorf("%+v, %d pieces left", got, u.pieces())
	}
	if got := u.offset(path); got != len(b) {
		t.Errorf("offset %d after the end", got)
	}
	original, err := u.bucket.Get(t.Context(), server.PhotoKey(u.a.ID, hashOf(b), "original"))
	if err != nil {
		t.Fatal(err)
	}
	defer original.Close() //nolint:errcheck // only read
	kept, err := io.ReadAll(original)
	if err != nil || !bytes.Equal(kept, b) {
		t.Errorf("%d of %d bytes kept, %v", len(kept), len(b), err)
	}
	if err := u.srv.RenderPhoto(t.Context(), u.a.ID, hashOf(b), []civic.ReportID{u.report}); err != nil {
		t.Fatal(err)
	}
	r, err := u.db.Report(t.Context(), u.a.ID, u.report)
	if err != nil || r.Photos[hashOf(b)].State != civic.PhotoReady {
		t.Errorf("%+v %v", r.Photos[hashOf(b)], err)
	}
	// The same bytes again are done at once, for who attached them.
	path = u.begin(len(b), "Upload-Metadata", said("sha256", string(hashOf(b))))
	if got := u.offset(path); got != len(b) {
		t.Errorf("offset %d of bytes that are here", got)
	}
	if a := u.send("HEAD", "/media/sha256/"+string(hashOf(b)), nil); a.status != http.StatusOK {
		t.Errorf("HEAD of the hash: %d", a.status)
	}
	u.token = u.tokenOf("crew2")
	path = u.begin(len(b), "Upload-Metadata", said("sha256", string(hashOf(b))))
	if got := u.offset(path); got != 0 {
		t.Errorf("somebody else is told that the bytes are here: %d", got)
	}
	if a := u.send("HEAD", "/media/sha256/"+string(hashOf(b)), nil); a.status != http.StatusNotFound {
		t.Errorf("HEAD of somebody else's hash: %d", a.status)
	}
}

// TestAnUploadIsItsSendersAlone tries every method of it as everybody else.
func TestAnUploadIsItsSendersAlone(t *testing.T) {
	u := newTus(t)
	path := u.begin(10)
	for _, other := range []string{"crew2", "contractor", "operator", "foreman", "admin"} {
		u.token = u.tokenOf(other)
		for _, method := range []string{"HEAD", "PATCH", "DELETE"} {
			if a := u.send(method, path, strings.NewReader("0123456789"), "Upload-Offset", "0"); a.status != http.StatusNotFound {
				t.Errorf("%s by %s: %d", method, other, a.status)
			}
		}
	}
	u.token = u.tokenOf("crew")
	if got := u.offset(path); got != 0 {
		t.Errorf("offset %d", got)
	}
	if a := u.send("DELETE", path, nil); a.status != http.StatusNoContent || a.header.Get("Tus-Resumable") != "1.0.0" {
		t.Errorf("DELETE: %d", a.status)
	}
	if a := u.send("HEAD", path, nil); a.status != http.StatusNotFound {
		t.Errorf("after it: %d", a.status)
	}
}

// askedStore notes what the store is asked.
type askedStore struct {
	server.Store
	mu    sync.Mutex
	asked []string
}

func (a *askedStore) note(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, what)
}

func (a *askedStore) Upload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) (civic.Upload, error) {
	a.note("upload")
	return a.Store.Upload(ctx, j, id)
}

func (a *askedStore) Report(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Report, error) {
	a.note("report")
	return a.Store.Report(ctx, j, id)
}

func (a *askedStore) OpenBySecret(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, secret string) (bool, error) {
	a.note("secret")
	return a.Store.OpenBySecret(ctx, j, id, secret)
}

// TestAnUploadOfAnotherTakesAsLongAsNone asks about uploads that are not the asker's
// and about one that is not there: the same answer after the same questions.
func TestAnUploadOfAnotherTakesAsLongAsNone(t *testing.T) {
	f := newTowns(t, false)
	store := &askedStore{Store: f.db}
	f.http = f.again(func(o *server.Options) { o.Store = store })
	begun := func(from civic.Sender) string {
		u, err := f.db.BeginUpload(t.Context(), f.a.ID, civic.Upload{ID: civictest.NewID[civic.Upload](), Sender: from, Bytes: 10}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return u.ID.String()
	}
	paths := map[string]string{
		"another reporter's": begun(civic.Sender{Report: f.private}), "a crew's": f.upload.String(),
		"one that is not there": civictest.NewID[civic.Upload]().String(),
	}
	mine := begun(civic.Sender{Report: f.report})
	for _, c := range f.callers {
		if c.name != "citizen" && c.name != "crew2" {
			continue
		}
		for _, method := range []string{"HEAD", "PATCH", "DELETE"} {
			var first string
			for whose, id := range paths {
				store.asked = nil
				status, body := f.ask(c, "a.test", method, "/media/uploads/"+id, "", "Upload-Offset", "0")
				got := fmt.Sprint(status, body, store.asked)
				if first == "" {
					first = got
				}
				if got != first || status != http.StatusNotFound || len(store.asked) == 0 {
					t.Errorf("%s as %s, %s: %s\nanother: %s", method, c.name, whose, got, first)
				}
			}
		}
		if status, _ := f.ask(c, "a.test", "HEAD", "/media/uploads/"+mine, ""); (status == http.StatusOK) != (c.name == "citizen") {
			t.Errorf("the reporter's own as %s: %d", c.name, status)
		}
	}
}

// TestWhatThePipelineWillNotHaveIsSaidAndStaysSaid sends what is no picture, and
// bytes that are not those of their hash.
func TestWhatThePipelineWillNotHaveIsSaidAndStaysSaid(t *testing.T) {
	u := newTus(t)
	b := []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")
	meta := said("sha256", string(hashOf(b)))
	path := u.begin(len(b), "Upload-Metadata", meta)
	if a := u.patch(path, 0, b); a.status != http.StatusUnsupportedMediaType || !strings.Contains(a.body, `"photo_type"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := u.send("HEAD", path, nil); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("HEAD after it: %d", a.status)
	}
	// A client that begins anew is told at once, before it has sent a byte.
	if a := u.send("POST", "/media/uploads", nil, "Upload-Length", strconv.Itoa(len(b)), "Upload-Metadata", meta); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("begun again: %d", a.status)
	}
	b = picture(t)
	meta = said("sha256", string(hashOf([]byte("something else"))))
	path = u.begin(len(b), "Upload-Metadata", meta)
	if a := u.patch(path, 0, b); a.status != 460 {
		t.Errorf("another hash: %d %s", a.status, a.body)
	}
	if _, err := u.db.Photo(t.Context(), u.a.ID, hashOf(b)); err == nil {
		t.Error("bytes of another hash are kept")
	}
	if again := u.begin(len(b), "Upload-Metadata", meta); again == path || u.pieces() != 0 {
		t.Errorf("%s again, %d pieces", again, u.pieces())
	}
}

// TestACreationWhoseAnswerWasLostIsTakenUp begins twice.
func TestACreationWhoseAnswerWasLostIsTakenUp(t *testing.T) {
	u := newTus(t)
	b := picture(t)
	meta := said("sha256", string(hashOf(b)))
	path := u.begin(len(b), "Upload-Metadata", meta)
	u.patch(path, 0, b[:500])
	if again := u.begin(len(b), "Upload-Metadata", meta); again != path {
		t.Errorf("%s, then %s", path, again)
	}
	if a := u.patch(path, 0, b); a.status != http.StatusConflict {
		t.Errorf("from the beginning: %d", a.status)
	}
	if got := u.offset(path); got != 500 {
		t.Errorf("offset %d", got)
	}
}

// TestAReporterSendsByTheSecretOfTheirCase and by no other.
func TestAReporterSendsByTheSecretOfTheirCase(t *testing.T) {
	u := newTus(t)
	receipt, err := u.db.Receipt(t.Context(), u.a.ID, u.report)
	if err != nil {
		t.Fatal(err)
	}
	other, err := u.db.Receipt(t.Context(), u.a.ID, u.private)
	if err != nil {
		t.Fatal(err)
	}
	cookie := func(r civic.Receipt, secret string) string { return "r-" + string(r.Code) + "=" + secret }
	b := picture(t)
	meta := said("report", string(receipt.Code), "sha256", string(hashOf(b)))
	begin := []string{"Authorization", "-", "Upload-Length", strconv.Itoa(len(b)), "Upload-Metadata", meta}
	for name, c := range map[string]string{
		"a wrong secret": cookie(receipt, "x"), "another case's": cookie(other, other.Secret), "another case's under this name": cookie(receipt, other.Secret),
	} {
		if a := u.send("POST", "/media/uploads", nil, append(begin, "Cookie", c)...); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	mine := []string{"Authorization", "-", "Cookie", cookie(receipt, receipt.Secret)}
	a := u.send("POST", "/media/uploads", nil, append(begin, mine...)...)
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	path := a.header.Get("Location")
	for _, method := range []string{"HEAD", "PATCH", "DELETE"} {
		if a := u.send(method, path, strings.NewReader("x"), "Authorization", "-", "Cookie", cookie(other, other.Secret), "Upload-Offset", "0"); a.status != http.StatusNotFound {
			t.Errorf("%s by another reporter: %d", method, a.status)
		}
	}
	if a := u.patch(path, 0, b, mine...); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	// What is here is told once it is attached to this case, and of this case alone.
	hash := "/media/sha256/" + string(hashOf(b)) + "?report="
	if a := u.send("HEAD", hash+string(receipt.Code), nil, mine...); a.status != http.StatusNotFound {
		t.Errorf("before it is attached: %d", a.status)
	}
	u.apply(civictest.Edit(civictest.Citizen, u.report, 99, civic.KindAttach, civic.AttachArgs{
		SHA256: hashOf(b), Bytes: int64(len(b)), Mime: "image/jpeg", Stage: civic.StageReport,
	}))
	if a := u.send("HEAD", hash+string(receipt.Code), nil, mine...); a.status != http.StatusOK {
		t.Errorf("attached: %d", a.status)
	}
	if a := u.send("HEAD", hash+string(other.Code), nil, "Authorization", "-", "Cookie", cookie(other, other.Secret)); a.status != http.StatusNotFound {
		t.Errorf("another case: %d", a.status)
	}
}

// TestAPreviewIsSeenUntilThePictureIsHere sends a small picture ahead of the large
// one: those at work see it, nobody else does, and only its sender may send it.
func TestAPreviewIsSeenUntilThePictureIsHere(t *testing.T) {
	u := newTus(t)
	large, small := picture(t), picture(t)
	large = append(large, 0) // another picture, that looks the same
	u.attach(large)
	preview := "/media/sha256/" + string(hashOf(large)) + "/preview"
	path := "/media/reports/" + u.report.String() + "/" + string(hashOf(large)) + "/preview.jpg"
	see := func(name string) int {
		t.Helper()
		for _, c := range u.callers {
			if c.name == name {
				got, _ := u.ask(c, "a.test", "GET", path, "")
				return got
			}
		}
		t.Fatalf("no %s", name)
		return 0
	}
	if got := see("operator"); got != http.StatusNotFound {
		t.Errorf("before it is sent: %d", got)
	}
	for name, c := range map[string]struct {
		token string
		body  []byte
		want  int
	}{
		"somebody else's": {"crew2", small, http.StatusNotFound}, "no picture": {"crew", []byte("<svg/>"), http.StatusUnsupportedMediaType},
		"a document": {"crew", minimalPDF(), http.StatusUnsupportedMediaType}, "too large": {"crew", bytes.Repeat(small, 100), http.StatusRequestEntityTooLarge},
	} {
		u.token = u.tokenOf(c.token)
		if a := u.send("PUT", preview, bytes.NewReader(c.body)); a.status != c.want {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	u.token = u.tokenOf("crew")
	if a := u.send("PUT", preview, bytes.NewReader(small)); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for name, want := range map[string]int{"operator": 200, "foreman": 200, "crew": 200, "crew2": 404, "contractor": 404, "viewer": 404, "anonymous": 404, "citizen": 404} {
		if got := see(name); got != want {
			t.Errorf("%s sees %d, want %d", name, got, want)
		}
	}
	if a := u.patch(u.begin(len(large), "Upload-Metadata", said("sha256", string(hashOf(large)))), 0, large); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := u.send("PUT", preview, bytes.NewReader(small)); a.status != http.StatusNotFound {
		t.Errorf("once the picture is here: %d", a.status)
	}
	if err := u.srv.RenderPhoto(t.Context(), u.a.ID, hashOf(large), []civic.ReportID{u.report}); err != nil {
		t.Fatal(err)
	}
	if got := see("operator"); got != http.StatusNotFound {
		t.Errorf("the preview, once the picture is there: %d", got)
	}
}
