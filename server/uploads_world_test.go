package server_test

import (
	"bytes"
	"context" // #nosec G505 -- tus names it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
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
		if c.name == name && c.token != nil {
			return c.token()
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
