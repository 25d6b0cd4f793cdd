package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
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

// What originals of before still tell is taken out of them: pictures show the same, what
// no decoder reads is emptied, and what nobody at work has sent stays as it came.
func TestOldPicturesOfPeopleAtWorkTellNothing(t *testing.T) {
	u := newTus(t)
	dirty := phototest.Dirty()
	broken := append([]byte("no picture "+phototest.SentinelName+" "), 0)
	citizens := append(append([]byte{}, dirty...), 7)
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, u.url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	keep := func(b []byte, trail bool) string { return u.keepOld(conn, b, trail) }
	gone := append(append([]byte{}, dirty...), 9)
	keys := map[string]string{
		"a picture": keep(dirty, true), "no picture": keep(broken, true), "a citizen's": keep(citizens, false), "gone": keep(gone, true),
	}
	if err := u.bucket.Delete(t.Context(), keys["gone"]); err != nil {
		t.Fatal(err)
	}
	if err := u.srv.StripTrails(t.Context(), u.a.ID); err != nil {
		t.Fatal(err)
	}
	for name, key := range keys {
		body, err := u.bucket.Get(t.Context(), key)
		if name == "gone" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(body)
		if err != nil || body.Close() != nil {
			t.Fatal(err)
		}
		if tells := holdsShot(t, raw); tells != (name == "a citizen's") {
			t.Errorf("%s tells: %v", name, tells)
		}
		if empty := len(raw) == 0; empty != (name == "no picture") {
			t.Errorf("%s is empty: %v", name, empty)
		}
	}
	if left, err := u.db.Trails(t.Context(), u.a.ID, "", 10); err != nil || len(left) != 0 {
		t.Errorf("%d are left, %v", len(left), err)
	}
}

// keepOld keeps a picture as the program before did, and gives its key.
func (u *tus) keepOld(conn *pgx.Conn, b []byte, trail bool) string {
	u.t.Helper()
	ctx, key := u.t.Context(), server.PhotoKey(u.a.ID, hashOf(b), "original")
	if err := u.bucket.Put(ctx, key, bytes.NewReader(b), int64(len(b)), "image/jpeg"); err != nil {
		u.t.Fatal(err)
	}
	p := civic.StoredPhoto{SHA256: hashOf(b), Mime: "image/jpeg", Bytes: int64(len(b)), W: 320, H: 240}
	if err := u.db.SavePhoto(ctx, u.a.ID, p, civic.Sender{}); err != nil {
		u.t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `UPDATE photo SET trail = $2 WHERE sha256 = $1`, string(p.SHA256), trail); err != nil {
		u.t.Fatal(err)
	}
	return key
}

// hardOfReading is a bucket that does not give one of its objects.
type hardOfReading struct {
	pageBucket
	key string
}

func (b hardOfReading) Get(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	if key == b.key {
		return nil, errors.New("a disk that fails")
	}
	return b.pageBucket.Get(ctx, key)
}

// A picture that cannot be read holds up no other, however often the clock strikes.
func TestOneOldPictureHoldsUpNoOther(t *testing.T) {
	u := newTus(t)
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, u.url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	var keys []string
	for n := range byte(3) {
		keys = append(keys, u.keepOld(conn, append(append([]byte{}, phototest.Dirty()...), n), true))
	}
	first := slices.Min(keys)
	u.again(func(o *server.Options) { o.Bucket = hardOfReading{pageBucket{u.bucket}, first} })
	if err := u.srv.StripTrails(t.Context(), u.a.ID); err == nil || !strings.Contains(err.Error(), "a disk that fails") {
		t.Errorf("nobody is told: %v", err)
	}
	left, err := u.db.Trails(t.Context(), u.a.ID, "", 10)
	if err != nil || len(left) != 1 || server.PhotoKey(u.a.ID, left[0].SHA256, "original") != first {
		t.Errorf("%d are left, %v", len(left), err)
	}
}
