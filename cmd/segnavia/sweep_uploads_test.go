package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/server"
)

// TestUploadsAreSwept: what a node left whole is put together by another, what
// stood still too long goes with its pieces, pieces that nothing counts go too, and
// what is on its way stays.
func TestUploadsAreSwept(t *testing.T) {
	n, town := swept(t)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	sender := civic.Sender{User: civictest.Actor(town, "crew").User}
	begin := func(size int, at time.Time) civic.UploadID {
		u, err := n.stores.db.BeginUpload(t.Context(), town.ID, civic.Upload{ID: civictest.NewID[civic.Upload](), Sender: sender, Bytes: int64(size)}, at)
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	put := func(u civic.UploadID, at int64, piece []byte) string {
		key := server.PieceKey(town.ID, u, at, "test")
		if err := n.stores.bucket.Put(t.Context(), key, bytes.NewReader(piece), int64(len(piece)), ""); err != nil {
			t.Fatal(err)
		}
		return key
	}
	add := func(u civic.UploadID, at int64, piece []byte) {
		key := put(u, at, piece)
		if err := n.stores.db.AddPieces(t.Context(), town.ID, u, []civic.Piece{{At: at, Bytes: int64(len(piece)), Key: key}}); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	whole := begin(b.Len(), now)
	add(whole, 0, b.Bytes()[:100])
	add(whole, 100, b.Bytes()[100:])
	old := begin(1000, now.AddDate(0, 0, -civic.UploadDays).Add(time.Hour))
	add(old, 0, []byte("begun"))
	young := begin(1000, now)
	add(young, 0, []byte("on its way"))
	put(young, 10, []byte("lost a race"))
	sweep := func(at time.Time) (pieces int) {
		t.Helper()
		if err := n.sweepUploads(t.Context(), town.ID, at); err != nil {
			t.Fatal(err)
		}
		if err := n.sweepBucket(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		keys, err := n.stores.bucket.Keys(t.Context(), town.ID.String()+"/uploads/", 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(keys)
	}
	if got := sweep(now); got != 5 {
		t.Errorf("%d of 5 pieces left at once", got)
	}
	if got := sweep(now.Add(3 * time.Minute)); got != 3 {
		t.Errorf("%d pieces left once the whole is put together, want 3", got)
	}
	if u, err := n.stores.db.Upload(t.Context(), town.ID, whole); err != nil || u.State != civic.UploadDone {
		t.Errorf("the whole: %+v %v", u, err)
	}
	if got := sweep(now.Add(strayAfter + time.Minute)); got != 1 {
		t.Errorf("%d pieces left after a day, want 1", got)
	}
	if _, err := n.stores.db.Upload(t.Context(), town.ID, old); err == nil {
		t.Error("what stood still is still there")
	}
	if u, err := n.stores.db.Upload(t.Context(), town.ID, young); err != nil || u.Received != 10 {
		t.Errorf("what is on its way: %+v %v", u, err)
	}
}
