package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/objects"
	"segnavia/storage/storagetest"
)

// TestABackupMovesATownToAnotherDatabaseAndBucket uses somebody else's database and
// S3 server on both sides, spoils an object in between, and copies what is new only.
func TestABackupMovesATownToAnotherDatabaseAndBucket(t *testing.T) {
	bin, dir := build(t), t.TempDir()
	s3 := storagetest.Bucket(t)
	bucket := func(name string) *objects.Bucket {
		b, err := objects.Open(t.Context(), objects.Config{
			Endpoint: s3.Endpoint, Bucket: name, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region,
		})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	from, to := bucket(s3.Bucket), bucket(s3.Bucket+"-two")
	put := func(b *objects.Bucket, key, body string) {
		if err := b.Put(t.Context(), key, strings.NewReader(body), int64(len(body)), "image/jpeg"); err != nil {
			t.Fatal(err)
		}
	}
	url, into := storagetest.Database(t, storage.Migrate, storage.SchemaKey()), storagetest.Database(t, storage.Migrate, storage.SchemaKey())
	db, err := storage.Open(t.Context(), storage.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	town := civictest.Town("genova")
	if err := db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	lon, lat := 8.85, 44.45
	id := civictest.NewID[civic.Report]()
	if a, err := db.Apply(t.Context(), town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, civic.CreateArgs{
		Service: "pothole", Title: "moved", Lon: &lon, Lat: &lat,
	}), 0); err != nil || a.Status != civic.Applied {
		t.Fatalf("%+v %v", a, err)
	}
	put(from, town.ID.String()+"/one", "first")
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), bin, append(args, "--data-dir", filepath.Join(dir, "none"),
			"--s3-endpoint", "http://"+s3.Endpoint, "--s3-access-key", s3.AccessKey, "--s3-secret-key", s3.SecretKey)...)
		cmd.Env = append(os.Environ(), "SEGNAVIA_DATA=", "SEGNAVIA_LOG_LEVEL=error")
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		err := cmd.Run()
		return said.String(), err
	}
	backup := func(name, says string) {
		t.Helper()
		out, err := run("backup", "--to", filepath.Join(dir, "b"), "--name", name, "--database-url", url, "--s3-bucket", s3.Bucket)
		if err != nil || !strings.Contains(out, says) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	backup("1", "1 objects of 0.0 MB, 1 of them copied now; every sum is right")
	put(from, town.ID.String()+"/two", "second")
	backup("2", "2 objects of 0.0 MB, 1 of them copied now; every sum is right")
	put(from, town.ID.String()+"/one", "other")
	backup("3", "2 objects of 0.0 MB, 1 of them copied now; every sum is right")
	db.Close()

	restore := func(args ...string) (string, error) {
		return run(append([]string{"restore", "--from", filepath.Join(dir, "b"), "--database-url", into, "--s3-bucket", s3.Bucket + "-two"}, args...)...)
	}
	put(to, town.ID.String()+"/one", "wrong") // of the same size: its bytes are looked at
	if out, err := restore("--point", "2"); err != nil || !strings.Contains(out, "2 objects, all the same as in the backup") {
		t.Fatalf("%v\n%s", err, out)
	}
	for key, want := range map[string]string{"one": "first", "two": "second"} {
		body, err := to.Get(t.Context(), town.ID.String()+"/"+key)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(body); err != nil || got.String() != want {
			t.Errorf("%s: %q %v", key, got.String(), err)
		}
		_ = body.Close() // only read
	}
	moved, err := storage.Open(t.Context(), storage.Options{URL: into})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(moved.Close)
	if r, err := moved.Report(t.Context(), town.ID, id); err != nil || r.Title != "moved" {
		t.Errorf("%+v %v", r.Title, err)
	}
	if out, err := restore("--replace", "--confirm", town.Name); err == nil || !strings.Contains(out, "stop it first") {
		t.Errorf("under a program that is connected: %v\n%s", err, out)
	}
	moved.Close()
	spoilt, err := filepath.Glob(filepath.Join(dir, "b", "objects", "*", "*"))
	if err != nil || len(spoilt) != 3 {
		t.Fatalf("%v %v", spoilt, err)
	}
	for _, path := range spoilt {
		if err := os.WriteFile(path, []byte("spoilt"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := restore("--replace", "--confirm", town.Name); err == nil || !strings.Contains(out, "damaged or missing") {
		t.Errorf("a damaged backup: %v\n%s", err, out)
	}
}
