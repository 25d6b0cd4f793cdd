package server_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestTheMapIsFetchedInPiecesThatAreChecked fetches a map as a phone does: what it
// is made of, then piece by piece, and never parts of two versions.
func TestTheMapIsFetchedInPiecesThatAreChecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "town.pmtiles")
	write := func(seed byte, size int) []byte {
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(i*i) ^ seed
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return content
	}
	content := write(1, 2<<20+12345)
	f := newTownsWith(t, path)
	about := f.basemap()
	if about.Bytes != int64(len(content)) || len(about.Pieces) != 3 || about.SHA256 != sum(content) {
		t.Fatalf("%d bytes in %d pieces, %s", about.Bytes, len(about.Pieces), about.SHA256)
	}
	var got []byte
	for i, want := range about.Pieces {
		from := int64(i) * about.Piece
		to := min(from+about.Piece, about.Bytes)
		status, piece := f.piece(about, from, to)
		if status != http.StatusPartialContent || sum(piece) != want {
			t.Fatalf("piece %d: %d, %s, want %s", i, status, sum(piece), want)
		}
		got = append(got, piece...)
	}
	if !bytes.Equal(got, content) {
		t.Error("the pieces are not the file")
	}

	changed := write(2, 1<<20)
	if err := os.Chtimes(path, time.Now(), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if status, _ := f.piece(about, 0, 100); status == http.StatusPartialContent {
		t.Error("a piece of the new file was given as one of the old")
	}
	if about := f.basemap(); about.SHA256 != sum(changed) || len(about.Pieces) != 1 {
		t.Errorf("the new file is told as %s in %d pieces", about.SHA256, len(about.Pieces))
	}
}

type about struct {
	URL    string   `json:"url"`
	Bytes  int64    `json:"bytes"`
	SHA256 string   `json:"sha256"`
	Piece  int64    `json:"piece"`
	Pieces []string `json:"pieces"`
}

func (f *towns) basemap() (a about) {
	f.t.Helper()
	status, body := f.ask(caller{}, "a.test", "GET", "/api/v1/basemap", "")
	if err := json.Unmarshal([]byte(body), &a); status != http.StatusOK || err != nil {
		f.t.Fatalf("%d %s %v", status, body, err)
	}
	return a
}

// piece asks for the bytes from to before to, of that version only.
func (f *towns) piece(a about, from, to int64) (int, []byte) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.http.URL+a.URL, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	req.Host = "a.test"
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, to-1))
	req.Header.Set("If-Range", `"`+a.SHA256+`"`)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, raw
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
