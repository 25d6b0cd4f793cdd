package server_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"segnavia/photo"
	"segnavia/photo/phototest"
	"segnavia/server"
	"segnavia/storage/storagetest"
)

// holdsShot reports whether bytes tell where or by whom a photo was taken.
func holdsShot(t *testing.T, raw []byte) bool {
	t.Helper()
	if bytes.Contains(raw, []byte(phototest.SentinelName)) || bytes.Contains(raw, []byte("44.40713")) {
		return true
	}
	up, err := photo.New(t.TempDir()).Inspect(t.Context(), bytes.NewReader(raw))
	if err != nil {
		return false // no picture
	}
	defer up.Remove() //nolint:errcheck // a temporary file
	_, taken := up.Meta.Taken(nil)
	return up.Meta.Lon != nil || up.Meta.Lat != nil || taken
}

// Where the town's own people were, and when, is kept nowhere: in no column, no
// object and no dump, by whatever door their photos come.
func TestPeopleAtWorkLeaveNoTrail(t *testing.T) {
	u := newTus(t)
	dirty := phototest.Dirty()
	if !holdsShot(t, dirty) {
		t.Fatal("the photo tells nothing")
	}
	path := u.begin(len(dirty))
	if a := u.patch(path, 0, dirty); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	another := append(append([]byte{}, dirty...), 0)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "x.jpg")
	if err == nil {
		_, err = part.Write(another)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, u.http.URL+"/api/v1/photos", &form)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "a.test"
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+u.tokenOf("crew"))
	res, err := u.http.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
	for _, b := range [][]byte{dirty, another} {
		stored, err := u.db.Photo(t.Context(), u.a.ID, hashOf(b))
		if err != nil || stored.Lon != nil || stored.Lat != nil || stored.Taken != nil {
			t.Errorf("a column tells %v %v %v, %v", stored.Lon, stored.Lat, stored.Taken, err)
		}
		if _, err := u.bucket.Stat(t.Context(), server.PhotoKey(u.a.ID, hashOf(b), "original")); err != nil {
			t.Error(err)
		}
	}
	objects := 0
	for o, err := range u.bucket.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		body, err := u.bucket.Get(t.Context(), o.Key)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(body)
		if err != nil || body.Close() != nil {
			t.Fatal(err)
		}
		if objects++; holdsShot(t, raw) {
			t.Errorf("object %s tells where it was taken", o.Key)
		}
	}
	if objects < 2 {
		t.Errorf("%d objects", objects)
	}
	if dump := dumpOf(t.Context(), t, u.url); strings.Contains(dump, phototest.SentinelName) || strings.Contains(dump, "44.4071") {
		t.Error("a dump of the database tells where it was taken")
	}
}

// dumpOf is a database as text.
func dumpOf(ctx context.Context, t *testing.T, url string) string {
	t.Helper()
	programs, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if err != nil || len(programs) == 0 {
		programs = []string{"pg_dump"}
	}
	cmd := exec.CommandContext(ctx, programs[len(programs)-1], "--data-only", "--dbname="+storagetest.Admin(t, url))
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v", err)
	}
	return string(out)
}
