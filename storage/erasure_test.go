package storage_test

import (
	"errors"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestTheFirstErasureRequestKeepsItsDeadline(t *testing.T) {
	db, town := open(t)
	report := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, report, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	if _, err := db.Erasure(t.Context(), town.ID, report); !errors.Is(err, civic.ErrNotFound) {
		t.Fatalf("nobody asked, and: %v", err)
	}
	first := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{first, first.AddDate(0, 0, 9)} {
		e, err := db.AskErasure(t.Context(), town.ID, report, at)
		if err != nil || !e.Asked.Equal(first) || !e.Due.Equal(first.AddDate(0, 1, 0)) {
			t.Errorf("asked at %s: %+v %v", at, e, err)
		}
	}
	if _, err := db.AskErasure(t.Context(), town.ID, civictest.NewID[civic.Report](), first); err == nil {
		t.Error("a request about no report was kept")
	}
}

func TestAReportIsFollowedOnceByOneWish(t *testing.T) {
	db, town := open(t)
	report := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, report, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	id := civictest.NewID[civic.Subscription]()
	secret := db.SubscriptionSecret(town.ID, id)
	contact := civic.Contact{Email: "ada@example.org"}
	for range 2 {
		if err := db.SubscribeReport(t.Context(), town.ID, id, report, contact); err != nil {
			t.Fatal(err)
		}
	}
	one, err := db.Subscription(t.Context(), town.ID, id, secret)
	if err != nil || one.Report != report || one.Code == "" {
		t.Errorf("%+v %v", one, err)
	}
	if err := db.SubscribeReport(t.Context(), town.ID, civictest.NewID[civic.Subscription](), civictest.NewID[civic.Report](), contact); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("no such report, and: %v", err)
	}
	if err := db.Unsubscribe(t.Context(), town.ID, id, secret); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Subscription(t.Context(), town.ID, id, secret); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("ended, and: %v", err)
	}
}
