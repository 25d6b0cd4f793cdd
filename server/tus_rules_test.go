package server_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"segnavia/civic"
)

// TestTheRulesOfTus walks what tus 1.0.0 demands of a server, rule by rule
// (https://tus.io/protocols/resumable-upload), and what a hostile client may send
// instead. Each request meets an upload of 20 bytes of which 5 have come.
func TestTheRulesOfTus(t *testing.T) {
	u := newTus(t)
	five := []byte("%PDF-")
	begin := func() string {
		path := u.begin(20, "Upload-Metadata", "filename d29ybGQ=,empty")
		if a := u.patch(path, 0, five); a.status != http.StatusNoContent {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return path
	}
	const at5 = "5"
	large := strconv.Itoa(civic.MaxAttachmentBytes + 1)
	for _, rule := range []struct {
		name, method, path string // {id} is the upload
		body               io.Reader
		pairs              []string
		status             int
		want               map[string]string // "-" says that it is not there
		offset             int               // afterwards
	}{
		{
			"core: HEAD tells offset and length and is not cached", "HEAD", "{id}", nil, nil, 200,
			map[string]string{"Upload-Offset": at5, "Upload-Length": "20", "Cache-Control": "no-store", "Tus-Resumable": "1.0.0"},
			5,
		},
		{"creation: HEAD gives the metadata back as it came", "HEAD", "{id}", nil, nil, 200, map[string]string{"Upload-Metadata": "filename d29ybGQ=,empty"}, 5},
		{"core: an unknown upload has no offset", "HEAD", "/media/uploads/00000000-0000-4000-8000-000000000000", nil, nil, 404, map[string]string{"Upload-Offset": "-"}, 5},
		{"core: PATCH moves the offset", "PATCH", "{id}", bytes.NewReader([]byte("1.4")), []string{"Upload-Offset", at5}, 204, map[string]string{"Upload-Offset": "8", "Tus-Resumable": "1.0.0"}, 8},
		{"core: an empty PATCH changes nothing", "PATCH", "{id}", nil, []string{"Upload-Offset", at5}, 204, map[string]string{"Upload-Offset": at5}, 5},
		{"core: another offset is a conflict", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", "4"}, 409, nil, 5},
		{"core: an offset to come is a conflict", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", "6"}, 409, nil, 5},
		{"core: another content type is 415", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", at5, "Content-Type", "application/octet-stream"}, 415, nil, 5},
		{"core: an unknown upload is 404", "PATCH", "/media/uploads/00000000-0000-4000-8000-000000000000", strings.NewReader("x"), []string{"Upload-Offset", "0"}, 404, nil, 5},
		{"core: another version is 412 with ours, and nothing is done", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", at5, "Tus-Resumable", "0.2.2"}, 412, map[string]string{"Tus-Version": "1.0.0"}, 5},
		{"core: no version is 412", "HEAD", "{id}", nil, []string{"Tus-Resumable", "-"}, 412, map[string]string{"Tus-Version": "1.0.0"}, 5},
		{"core: OPTIONS needs no version and tells everything", "OPTIONS", "/media/uploads", nil, []string{"Tus-Resumable", "-"}, 204, map[string]string{
			"Tus-Version": "1.0.0", "Tus-Max-Size": strconv.Itoa(civic.MaxAttachmentBytes), "Tus-Extension": "creation,checksum,expiration,termination", "Tus-Checksum-Algorithm": "sha1,sha256",
		}, 5},
		{"core: the method may be overridden", "POST", "{id}", strings.NewReader("x"), []string{"Upload-Offset", at5, "Content-Type", "application/offset+octet-stream", "X-HTTP-Method-Override", "PATCH"}, 204, map[string]string{"Upload-Offset": "6"}, 6},
		{"core: an override that is none", "POST", "{id}", nil, []string{"X-HTTP-Method-Override", "BREW"}, 405, nil, 5},
		{"creation: a length of this size", "POST", "/media/uploads", nil, []string{"Upload-Length", "100"}, 201, map[string]string{"Tus-Resumable": "1.0.0"}, 5},
		{"creation: no length", "POST", "/media/uploads", nil, nil, 400, map[string]string{"Location": "-"}, 5},
		{"creation: a length to be told later is not served", "POST", "/media/uploads", nil, []string{"Upload-Defer-Length", "1"}, 400, nil, 5},
		{"creation: beyond Tus-Max-Size is 413", "POST", "/media/uploads", nil, []string{"Upload-Length", large}, 413, nil, 5},
		{"creation: beyond any number", "POST", "/media/uploads", nil, []string{"Upload-Length", strings.Repeat("9", 40)}, 400, nil, 5},
		{"creation: less than nothing", "POST", "/media/uploads", nil, []string{"Upload-Length", "-5"}, 400, nil, 5},
		{"creation: nothing at all", "POST", "/media/uploads", nil, []string{"Upload-Length", "0"}, 422, nil, 5},
		{"creation: metadata that is none", "POST", "/media/uploads", nil, []string{"Upload-Length", "9", "Upload-Metadata", "a !!!"}, 400, nil, 5},
		{"creation: metadata without end", "POST", "/media/uploads", nil, []string{"Upload-Length", "9", "Upload-Metadata", "a " + strings.Repeat("QUFB", 1000)}, 400, nil, 5},
		{"creation: a type that is not taken is 415", "POST", "/media/uploads", nil, []string{"Upload-Length", "9", "Upload-Metadata", said("filetype", "image/svg+xml")}, 415, nil, 5},
		{"creation: a hash that is none", "POST", "/media/uploads", nil, []string{"Upload-Length", "9", "Upload-Metadata", said("sha256", "../../etc/passwd")}, 400, nil, 5},
		{"creation: a report that is none", "POST", "/media/uploads", nil, []string{"Upload-Length", "9", "Upload-Metadata", said("report", "' OR 1=1")}, 400, nil, 5},
		{"more than the length is 413", "PATCH", "{id}", bytes.NewReader(make([]byte, 16)), []string{"Upload-Offset", at5}, 413, nil, 5},
		{"more than the length, without saying so, is 413", "PATCH", "{id}", io.MultiReader(bytes.NewReader(make([]byte, 16))), []string{"Upload-Offset", at5}, 413, nil, 5},
		{"an offset that is none", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", "5 " + "5"}, 400, nil, 5},
		{"an id that is none", "HEAD", "/media/uploads/..%2f..%2fsecret", nil, nil, 404, nil, 5},
		{"checksum: other bytes are 460 and do not count", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", at5, "Upload-Checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="}, 460, nil, 5},
		{"checksum: an algorithm that is not served is 400", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", at5, "Upload-Checksum", "crc32 AAAA"}, 400, nil, 5},
		{"checksum: the sum of an empty body of bytes", "PATCH", "{id}", strings.NewReader("hello world"), []string{"Upload-Offset", at5, "Upload-Checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="}, 204, map[string]string{"Upload-Offset": "16"}, 16},
		{"expiration: an unfinished upload says until when", "HEAD", "{id}", nil, nil, 200, map[string]string{"Upload-Expires": "*"}, 5},
		{"expiration: so does each PATCH", "PATCH", "{id}", strings.NewReader("x"), []string{"Upload-Offset", at5}, 204, map[string]string{"Upload-Expires": "*"}, 6},
		{"termination: DELETE is 204 and the upload is gone", "DELETE", "{id}", nil, nil, 204, map[string]string{"Tus-Resumable": "1.0.0"}, -1},
		{"termination: not of another version", "DELETE", "{id}", nil, []string{"Tus-Resumable", "2"}, 412, nil, 5},
		{"a stranger is told to sign in before anything else", "HEAD", "{id}", nil, []string{"Authorization", "-"}, 401, nil, 5},
		{"a token that is none", "POST", "/media/uploads", nil, []string{"Authorization", "Bearer x", "Upload-Length", "9"}, 401, nil, 5},
	} {
		t.Run(rule.name, func(t *testing.T) {
			u.t = t
			id := begin()
			a := u.send(rule.method, strings.Replace(rule.path, "{id}", id, 1), rule.body, rule.pairs...)
			if a.status != rule.status {
				t.Errorf("status %d, want %d: %s", a.status, rule.status, a.body)
			}
			for name, want := range rule.want {
				got := a.header.Get(name)
				if want == "-" && got != "" || want == "*" && got == "" || want != "-" && want != "*" && got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if rule.offset < 0 {
				if gone := u.send("HEAD", id, nil); gone.status != http.StatusNotFound {
					t.Errorf("still there: %d", gone.status)
				}
				return
			}
			if got := u.offset(id); got != rule.offset {
				t.Errorf("offset %d afterwards, want %d", got, rule.offset)
			}
			if d := u.send("DELETE", id, nil); d.status != http.StatusNoContent {
				t.Errorf("DELETE %d", d.status)
			}
		})
	}
	u.t = t
}
