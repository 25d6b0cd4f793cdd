package server_test

import (

	// #nosec G505 -- tus names it

	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

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
