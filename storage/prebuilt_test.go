package storage_test

import (
	"context"
	"fmt"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
	"segnavia/storage/objects"
	"segnavia/storage/storagetest"
)

// collect reads a whole snapshot: its head, its rows, and upto.
func collect(t *testing.T, p interface {
	Snapshot(ctx context.Context, j civic.JurisdictionID, s civic.Scope, after civic.ReportID,
		first func(civic.Head) error, yield func([]civic.Row) error) (int64, error)
}, j civic.JurisdictionID, s civic.Scope, after civic.ReportID,
) (h civic.Head, rows []string, upto int64) {
	t.Helper()
	upto, err := p.Snapshot(t.Context(), j, s, after, func(head civic.Head) error { h = head; return nil },
		func(page []civic.Row) error {
			for _, r := range page {
				rows = append(rows, fmt.Sprint(r.ID, " ", r.Rev, " ", string(r.Body)))
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return h, rows, upto
}

func TestASnapshotFromTheBucketIsTheDatabasesOfItsVersion(t *testing.T) {
	db, town := open(t)
	s3 := storagetest.Bucket(t)
	bucket, err := objects.Open(t.Context(), objects.Config{
		Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region, Bucket: s3.Bucket,
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &storage.Prebuilt{DB: db, Bucket: bucket, Large: 5}
	var ids []civic.ReportID
	add := func() {
		t.Helper()
		ids = append(ids, civictest.NewID[civic.Report]())
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, ids[len(ids)-1], 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	}
	for range 7 {
		add()
	}
	r, err := db.Report(t.Context(), town.ID, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	scope := civic.ScopeOf(civic.ScopeDesk, r.Desk)
	wantHead, want, _ := collect(t, db, town.ID, scope, civic.ReportID{})
	if err := p.Build(t.Context(), town.ID); err != nil {
		t.Fatal(err)
	}
	add() // what comes later is a delta's affair
	same := func(what string, after int) {
		t.Helper()
		head, rows, upto := collect(t, p, town.ID, scope, func() civic.ReportID {
			if after == 0 {
				return civic.ReportID{}
			}
			id, err := civic.ParseID[civic.Report](want[after-1][:36])
			if err != nil {
				t.Fatal(err)
			}
			return id
		}())
		if head != wantHead || upto != wantHead.V || fmt.Sprint(rows) != fmt.Sprint(want[after:]) {
			t.Errorf("%s: head %+v upto %d, %d rows; want %+v, %d rows", what, head, upto, len(rows), wantHead, len(want)-after)
		}
	}
	same("whole", 0)
	same("resumed", 3)

	// An erasure voids it: nothing of before is given any more.
	must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "admin"), ids[1], 99, civic.KindPurge, struct{}{}))
	head, _, _ := collect(t, p, town.ID, scope, civic.ReportID{})
	if head.V <= wantHead.V {
		t.Errorf("after an erasure the snapshot of version %d is given", head.V)
	}
	if err := p.Build(t.Context(), town.ID); err != nil {
		t.Fatal(err)
	}
	now, rows, _ := collect(t, db, town.ID, scope, civic.ReportID{})
	again, built, _ := collect(t, p, town.ID, scope, civic.ReportID{})
	if again != now || fmt.Sprint(built) != fmt.Sprint(rows) {
		t.Errorf("built again: %+v with %d rows, want %+v with %d", again, len(built), now, len(rows))
	}

	// A bucket that lost the object costs nothing but time.
	for info, err := range bucket.List(t.Context(), town.ID.String()+"/snapshots/") {
		if err != nil {
			t.Fatal(err)
		}
		if err := bucket.Delete(t.Context(), info.Key); err != nil {
			t.Fatal(err)
		}
	}
	if lost, rows, _ := collect(t, p, town.ID, scope, civic.ReportID{}); lost != now || len(rows) != len(built) {
		t.Errorf("without its object: %+v", lost)
	}
}
