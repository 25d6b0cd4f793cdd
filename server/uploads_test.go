package server_test

import (
	"bytes"
	"context"
	"crypto/sha1" // #nosec G505 -- tus names it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
	"segnavia/storage"
	"segnavia/storage/objects"
)

// tus is a device that speaks the protocol by hand.
type tus struct {
	*towns
	token  string
	bucket *objects.Bucket
}

func newTus(t *testing.T) *tus {
	t.Helper()
	f := newTowns(t, false)
	return &tus{towns: f, token: f.tokenOf("crew"), bucket: f.bucket}
}

func (f *towns) tokenOf(name string) string {
	f.t.Helper()
	for _, c := range f.callers {
		if c.name == name && c.token != "" {
			return c.token
		}
	}
	f.t.Fatalf("no %s", name)
	return ""
}

type tusAnswer struct {
	status int
	header http.Header
	body   string
}

// send sends a request with pairs of header and value; a value "-" leaves a header
// out.
func (u *tus) send(method, path string, body io.Reader, pairs ...string) tusAnswer {
	u.t.Helper()
	a, err := u.try(method, path, body, pairs...)
	if err != nil {
		u.t.Fatal(err)
	}
	return a
}

func (u *tus) try(method, path string, body io.Reader, pairs ...string) (tusAnswer, error) {
	req, err := http.NewRequestWithContext(u.t.Context(), method, u.http.URL+path, body)
	if err != nil {
		return tusAnswer{}, err
	}
	req.Host = "a.test"
	req.Header.Set("Tus-Resumable", "1.0.0")
	req.Header.Set("Authorization", "Bearer "+u.token)
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", "application/offset+octet-stream")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "-" {
			req.Header.Del(pairs[i])
		} else {
			req.Header.Set(pairs[i], pairs[i+1])
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return tusAnswer{}, err
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	return tusAnswer{res.StatusCode, res.Header, string(raw)}, err
}

// begin makes an upload of so many bytes and gives its path.
func (u *tus) begin(size int, pairs ...string) string {
	u.t.Helper()
	a := u.send("POST", "/media/uploads", nil, append([]string{"Upload-Length", strconv.Itoa(size)}, pairs...)...)
	if a.status != http.StatusCreated {
		u.t.Fatalf("not begun: %d %s", a.status, a.body)
	}
	return a.header.Get("Location")
}

func (u *tus) patch(path string, at int, b []byte, pairs ...string) tusAnswer {
	u.t.Helper()
	return u.send("PATCH", path, bytes.NewReader(b), append([]string{"Upload-Offset", strconv.Itoa(at)}, pairs...)...)
}

// offset is how far an upload has come, by HEAD.
func (u *tus) offset(path string) int {
	u.t.Helper()
	a := u.send("HEAD", path, nil)
	n, err := strconv.Atoi(a.header.Get("Upload-Offset"))
	if a.status != http.StatusOK || err != nil {
		u.t.Fatalf("HEAD: %d %v", a.status, a.header)
	}
	return n
}

// pieces counts what lies in the bucket of uploads.
func (u *tus) pieces() int {
	u.t.Helper()
	keys, err := u.bucket.Keys(context.WithoutCancel(u.t.Context()), u.a.ID.String()+"/uploads/", 1000)
	if err != nil {
		u.t.Fatal(err)
	}
	return len(keys)
}

func (u *tus) upload(path string) civic.Upload {
	u.t.Helper()
	got, err := u.db.Upload(u.t.Context(), u.a.ID, civic.MustID[civic.Upload](path[len("/media/uploads/"):]))
	if err != nil {
		u.t.Fatal(err)
	}
	return got
}

func hashOf(b []byte) civic.SHA256 {
	sum := sha256.Sum256(b)
	return civic.SHA256(hex.EncodeToString(sum[:]))
}

func said(pairs ...string) string {
	var list []string
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(list, ",")
}

// attach says in the crew's name that a picture belongs to the case.
func (u *tus) attach(picture []byte) {
	u.t.Helper()
	u.apply(civictest.Edit(civictest.Actor(u.a, "crew"), u.report, 99, civic.KindAttach, civic.AttachArgs{
		SHA256: hashOf(picture), Bytes: int64(len(picture)), Mime: "image/jpeg", Stage: civic.StageAfter,
	}))
}

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

// TestABodyThatIsCutKeepsWhatCame cuts the connection in the midst of a request:
// the pieces before count, and so does what was left of the last.
func TestABodyThatIsCutKeepsWhatCame(t *testing.T) {
	u := newTus(t)
	b := bytes.Repeat([]byte("segnavia"), 100_000) // 800 kB
	path := u.begin(len(b))
	const came = 700_001
	conn, err := net.Dial("tcp", strings.TrimPrefix(u.http.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	head := fmt.Sprintf("PATCH %s HTTP/1.1\r\nHost: a.test\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"+
		"Content-Type: application/offset+octet-stream\r\nContent-Length: %d\r\n\r\n", path, u.token, len(b))
	if _, err := conn.Write(append([]byte(head), b[:came]...)); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	told, _ := io.ReadAll(conn) // until the server has let go
	_ = conn.Close()            // it is over
	// A phone whose uplink died may still hear this: it is no fault of the picture.
	if !bytes.HasPrefix(told, []byte("HTTP/1.1 408 ")) {
		t.Errorf("told %.60q, want a 408, after which one tries again", told)
	}
	if got := u.offset(path); got != came {
		t.Errorf("%d of %d bytes kept", got, came)
	}
	if n := u.pieces(); n < 3 {
		t.Errorf("%d pieces", n)
	}
}

// TestAChecksumIsAllOrNothing sends bytes that are not what was promised, and
// bytes that end before the promise can be looked at.
func TestAChecksumIsAllOrNothing(t *testing.T) {
	u := newTus(t)
	b := picture(t)
	path := u.begin(len(b))
	one := sha1.Sum(b) // #nosec G401 -- tus names it
	two := sha256.Sum256(b)
	sha1sum := "sha1 " + base64.StdEncoding.EncodeToString(one[:])
	for name, c := range map[string]struct {
		body   []byte
		sum    string
		status int
	}{
		"other bytes":             {append([]byte{1}, b[1:]...), sha1sum, 460},
		"an algorithm of no such": {b, "md5 " + base64.StdEncoding.EncodeToString(one[:16]), http.StatusBadRequest},
		"half a sum":              {b, "sha1 AAAA", http.StatusBadRequest},
		"no sum":                  {b, "sha1", http.StatusBadRequest},
		"no base64":               {b, "sha256 !!!!", http.StatusBadRequest},
	} {
		if a := u.patch(path, 0, c.body, "Upload-Checksum", c.sum); a.status != c.status {
			t.Errorf("%s: %d, want %d", name, a.status, c.status)
		}
		if got := u.offset(path); got != 0 || u.pieces() != 0 {
			t.Errorf("%s: offset %d, %d pieces", name, got, u.pieces())
		}
	}
	half := len(b) / 2
	first := sha256.Sum256(b[:half])
	if a := u.patch(path, 0, b[:half], "Upload-Checksum", "sha256 "+base64.StdEncoding.EncodeToString(first[:])); a.status != http.StatusNoContent {
		t.Fatalf("the first half: %d", a.status)
	}
	rest := sha1.Sum(b[half:]) // #nosec G401 -- tus names it
	if a := u.patch(path, half, b[half:], "Upload-Checksum", "sha1 "+base64.StdEncoding.EncodeToString(rest[:])); a.status != http.StatusNoContent {
		t.Fatalf("the second half: %d %s", a.status, a.body)
	}
	if p, err := u.db.Photo(t.Context(), u.a.ID, civic.SHA256(hex.EncodeToString(two[:]))); err != nil || p.Bytes != int64(len(b)) {
		t.Errorf("%+v %v", p, err)
	}
}

// TestTwoRequestsAtOnceCountOnce sends the same bytes from the same offset eight
// times at once: one counts, the others are told where it stands.
func TestTwoRequestsAtOnceCountOnce(t *testing.T) {
	u := newTus(t)
	b := picture(t)
	path := u.begin(len(b))
	var wg sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		wg.Go(func() {
			a, err := u.try("PATCH", path, bytes.NewReader(b[:1000]), "Upload-Offset", "0")
			if err == nil {
				statuses[i] = a.status
			}
		})
	}
	wg.Wait()
	taken := 0
	for _, s := range statuses {
		switch s {
		case http.StatusNoContent:
			taken++
		case http.StatusConflict:
		default:
			t.Errorf("status %d", s)
		}
	}
	if got := u.offset(path); taken != 1 || got != 1000 || u.pieces() != 1 {
		t.Errorf("%d taken, offset %d, %d pieces", taken, got, u.pieces())
	}
	if a := u.patch(path, 1000, b[1000:]); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// meanwhile lets another node work just before pieces are listed.
type meanwhile struct {
	*storage.DB
	other func()
}

func (m *meanwhile) Pieces(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) ([]civic.Piece, error) {
	m.other()
	return m.DB.Pieces(ctx, j, id)
}

// TestWhatAnotherNodePutTogetherMeanwhileIsDone: the phone asks again while the
// request that brought the last bytes is still being worked on.
func TestWhatAnotherNodePutTogetherMeanwhileIsDone(t *testing.T) {
	u := newTus(t)
	b := picture(t)
	u.attach(b)
	path := u.begin(len(b), "Upload-Metadata", said("sha256", string(hashOf(b))))
	id, first := civic.MustID[civic.Upload](path[len("/media/uploads/"):]), u.srv
	u.http = u.again(func(o *server.Options) {
		o.Store = &meanwhile{u.db, func() {
			if err := first.FinishUpload(context.WithoutCancel(t.Context()), u.a.ID, id); err != nil {
				t.Error(err)
			}
		}}
	})
	if a := u.patch(path, 0, b); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if got := u.upload(path); got.State != civic.UploadDone {
		t.Errorf("%+v", got)
	}
	if a := u.send("HEAD", "/media/sha256/"+string(hashOf(b)), nil); a.status != http.StatusOK {
		t.Errorf("the picture is not here: %d", a.status)
	}
}

// deaf is a database whose first answer about pieces is lost after the commit.
type deaf struct {
	*storage.DB
	heard bool
}

func (d *deaf) AddPieces(ctx context.Context, j civic.JurisdictionID, id civic.UploadID, pieces []civic.Piece) error {
	err := d.DB.AddPieces(ctx, j, id, pieces)
	if err == nil && !d.heard {
		d.heard = true
		return errors.Join(civic.ErrBusy, io.ErrUnexpectedEOF)
	}
	return err
}

// TestAPieceWhoseCommitWasNotHeardOfStays: it may count, so its bytes are kept.
func TestAPieceWhoseCommitWasNotHeardOfStays(t *testing.T) {
	for name, sum := range map[string]bool{"plain": false, "under a checksum": true} {
		t.Run(name, func(t *testing.T) {
			u := newTus(t)
			u.http = u.again(func(o *server.Options) { o.Store = &deaf{DB: u.db} })
			b := picture(t)
			path := u.begin(len(b))
			var pairs []string
			if sum {
				s := sha1.Sum(b[:1_000]) // #nosec G401 -- tus names it
				pairs = []string{"Upload-Checksum", "sha1 " + base64.StdEncoding.EncodeToString(s[:])}
			}
			if a := u.patch(path, 0, b[:1_000], pairs...); a.status < 500 {
				t.Errorf("%d %s", a.status, a.body)
			}
			at := u.offset(path)
			if a := u.patch(path, at, b[at:]); at != 1_000 || a.status != http.StatusNoContent {
				t.Errorf("from %d: %d %s", at, a.status, a.body)
			}
		})
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

// TestAnExpiredUploadIsGone lets time pass in its row.
func TestAnExpiredUploadIsGone(t *testing.T) {
	u := newTus(t)
	path := u.begin(1000)
	u.patch(path, 0, make([]byte, 10))
	conn, err := pgx.Connect(t.Context(), u.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the database goes too
	if _, err := conn.Exec(t.Context(), `UPDATE upload SET expires = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"HEAD", "PATCH"} {
		if a := u.send(method, path, strings.NewReader("x"), "Upload-Offset", "10"); a.status != http.StatusGone {
			t.Errorf("%s: %d", method, a.status)
		}
	}
	list, err := u.db.ExpiredUploads(t.Context(), u.a.ID, time.Now(), 10)
	if err != nil || len(list) != 1+1 { // the fixture's too
		t.Errorf("%d to sweep, %v", len(list), err)
	}
}

// TestBoundsOfUploads fills a report, then a sender.
func TestBoundsOfUploads(t *testing.T) {
	u := newTus(t)
	u.token = u.tokenOf("operator")
	report := "Upload-Metadata"
	full := strconv.Itoa(civic.MaxAttachmentBytes)
	for i := range civic.MaxAttachments - 1 { // the fixture has attached one
		u.begin(civic.MaxAttachmentBytes, report, said("report", u.report.String(), "sha256", string(hashOf([]byte{byte(i)})))) // #nosec G115 -- few
	}
	a := u.send("POST", "/media/uploads", nil, "Upload-Length", full, report, said("report", u.report.String()))
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"limit"`) {
		t.Errorf("one more than a report holds: %d %s", a.status, a.body)
	}
	for range civic.MaxSenderUnfinished/civic.MaxAttachmentBytes - civic.MaxAttachments + 1 {
		u.begin(civic.MaxAttachmentBytes)
	}
	a = u.send("POST", "/media/uploads", nil, "Upload-Length", "1")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, `"too_many_uploads"`) {
		t.Errorf("more than a sender may have on its way: %d %s", a.status, a.body)
	}
	u.token = u.tokenOf("crew")
	for range civic.MaxSenderOpen - 1 { // the fixture has begun one
		u.begin(1)
	}
	if a := u.send("POST", "/media/uploads", nil, "Upload-Length", "1"); a.status != http.StatusTooManyRequests {
		t.Errorf("more uploads than a sender may have on their way: %d %s", a.status, a.body)
	}
}

// TestAnUploadInCrumbsEnds bounds what one upload may be scattered over: each piece
// is an object.
func TestAnUploadInCrumbsEnds(t *testing.T) {
	u := newTus(t)
	path := u.begin(civic.MaxPieces + 10)
	id := u.upload(path).ID
	var pieces []civic.Piece
	for at := range int64(civic.MaxPieces - 1) {
		pieces = append(pieces, civic.Piece{At: at, Bytes: 1, Key: "x"})
	}
	if err := u.db.AddPieces(t.Context(), u.a.ID, id, pieces); err != nil {
		t.Fatal(err)
	}
	if a := u.patch(path, len(pieces), []byte("x")); a.status != http.StatusNoContent {
		t.Errorf("the last: %d", a.status)
	}
	if a := u.patch(path, len(pieces)+1, []byte("x")); a.status != http.StatusTooManyRequests {
		t.Errorf("one more: %d %s", a.status, a.body)
	}
	if got := u.pieces(); got != 1 {
		t.Errorf("%d objects", got)
	}
}

// TestAFullDiskTakesNoPictures says so on both ways in.
func TestAFullDiskTakesNoPictures(t *testing.T) {
	u := newTus(t)
	path := u.begin(10)
	u.srv.Room = func() bool { return false }
	for _, a := range []tusAnswer{u.send("POST", "/media/uploads", nil, "Upload-Length", "10"), u.patch(path, 0, []byte("x"))} {
		if a.status != http.StatusInsufficientStorage || a.header.Get("Retry-After") == "" {
			t.Errorf("%d %v", a.status, a.header)
		}
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
