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
	"strings"
	"sync"
	"testing"

	"segnavia/civic"
	"segnavia/server"
	"segnavia/storage"
)

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
