package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
	"segnavia/storage"
	"segnavia/storage/objects"
	"segnavia/storage/storagetest"
)

// swept is a node that serves nobody, on a real database and a real bucket.
func swept(t *testing.T) (*node, *civic.Blueprint) {
	t.Helper()
	s3 := storagetest.Bucket(t)
	objs, err := objects.Open(t.Context(), objects.Config{
		Endpoint: s3.Endpoint, Bucket: s3.Bucket, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region,
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Program(t, storagetest.Database(t, storage.Migrate, storage.SchemaKey()), storage.Admit)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	town := civictest.Town("genova")
	if err := db.SaveTown(t.Context(), town); err != nil {
		t.Fatal(err)
	}
	n, err := newNode(&stores{db: db, bucket: objs}, listening{Listen: "127.0.0.1:0"}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n, town
}

// TestOrphansOfBothKindsAreSwept: a row that no report names goes with its bytes,
// so do bytes that no row names, covered renditions included; what is in use, or
// may yet be, stays.
func TestOrphansOfBothKindsAreSwept(t *testing.T) {
	n, town := swept(t)
	db, objs := n.stores.db, n.stores.bucket
	hash := func(c string) civic.SHA256 { return civic.SHA256(strings.Repeat(c, 64)) }
	used, rowOnly, bytesOnly := hash("a"), hash("b"), hash("c")
	for _, h := range []civic.SHA256{used, rowOnly, bytesOnly} {
		for _, what := range []string{"original", "1280.jpg", "320.jpg", "1280-0123456789abcdef.jpg"} {
			if err := objs.Put(t.Context(), server.PhotoKey(town.ID, h, what), bytes.NewReader([]byte{1}), 1, "image/jpeg"); err != nil {
				t.Fatal(err)
			}
		}
		if h == bytesOnly {
			continue
		}
		if err := db.SavePhoto(t.Context(), town.ID, civic.StoredPhoto{SHA256: h, Mime: "image/jpeg", Bytes: 1, W: 1, H: 1}, civic.Sender{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := objs.Put(t.Context(), "ping/by-somebody-else", bytes.NewReader([]byte{1}), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	id := civictest.NewID[civic.Report]()
	lon, lat := 8.85, 44.42
	for _, e := range []civic.Edit{
		civictest.Edit(civictest.Actor(town, "operator"), id, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat, Channel: civic.ChannelPhone}),
		civictest.Edit(civictest.Actor(town, "operator"), id, 1, civic.KindAttach, civic.AttachArgs{SHA256: used, Bytes: 1, Mime: "image/jpeg", Stage: civic.StageReport}),
	} {
		if a, err := db.Apply(t.Context(), town.ID, e, 0); err != nil || a.Status != civic.Applied {
			t.Fatalf("%+v %v", a, err)
		}
	}
	left := func() string {
		var count []string
		for _, h := range []civic.SHA256{used, rowOnly, bytesOnly} {
			keys, err := objs.Keys(t.Context(), server.PhotoKey(town.ID, h, ""), 100)
			if err != nil {
				t.Fatal(err)
			}
			count = append(count, fmt.Sprint(len(keys)))
		}
		return strings.Join(count, " ")
	}
	sweep := func(now time.Time) {
		t.Helper()
		if err := n.sweep(t.Context(), town.ID, now); err != nil {
			t.Fatal(err)
		}
		if err := n.sweepBucket(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	sweep(time.Now().Add(storage.OrphanAfter - time.Hour))
	if got := left(); got != "4 4 4" {
		t.Errorf("what may yet be named is swept: %s", got)
	}
	sweep(time.Now().Add(storage.OrphanAfter + time.Hour))
	if got := left(); got != "4 0 0" {
		t.Errorf("left: %s", got)
	}
	for h, known := range map[civic.SHA256]bool{used: true, rowOnly: false} {
		if _, err := db.Photo(t.Context(), town.ID, h); (err == nil) != known {
			t.Errorf("%.4s: %v", h, err)
		}
	}
	if keys, err := objs.Keys(t.Context(), "ping/", 9); err != nil || !slices.Contains(keys, "ping/by-somebody-else") {
		t.Errorf("somebody else's: %v %v", keys, err)
	}
}
