package storage_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestAWishToHearEndsByItsLinkAlone(t *testing.T) {
	db, town := open(t)
	area := town.Areas[0].ID
	id := civictest.NewID[civic.Subscription]()
	for range 2 { // the form is sent twice
		if err := db.Subscribe(t.Context(), town.ID, id, area, civic.Contact{Email: "rosa@example.it"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Subscription(t.Context(), town.ID, id, "guess"); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("a guessed secret: %v", err)
	}
	if err := db.Unsubscribe(t.Context(), town.ID, id, "guess"); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("ended by a guess: %v", err)
	}
	secret := db.SubscriptionSecret(town.ID, id)
	s, err := db.Subscription(t.Context(), town.ID, id, secret)
	if err != nil || s.Area != area || !s.Report.IsZero() {
		t.Errorf("%+v, %v", s, err)
	}
	if !strings.Contains(everything(t, db), "rosa@example.it") {
		t.Error("nobody knows whom to tell")
	}
	for range 2 {
		if err := db.Unsubscribe(t.Context(), town.ID, id, secret); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Subscription(t.Context(), town.ID, id, secret); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("ended, and still there: %v", err)
	}
	if strings.Contains(everything(t, db), "rosa@example.it") {
		t.Error("the person is still known")
	}
	unknown := civictest.NewID[civic.Area]()
	if err := db.Subscribe(t.Context(), town.ID, id, unknown, civic.Contact{}); !errors.Is(err, civic.ErrNotFound) {
		t.Errorf("an unknown area: %v", err)
	}
}

func TestMeTooCountsEachOnceAndKeepsWhomToTell(t *testing.T) {
	db, town := open(t)
	report := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, report, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	anybody := civic.Actor{Role: civic.RoleCitizen}
	follow := civictest.Edit(anybody, report, 0, civic.KindFollow, civic.FollowArgs{Contact: civic.Contact{Email: "rosa@example.it"}})
	for range 3 {
		must(t, db, town.ID, follow)
	}
	must(t, db, town.ID, civictest.Edit(anybody, report, 0, civic.KindFollow, civic.FollowArgs{}))
	r, err := db.Report(t.Context(), town.ID, report)
	if err != nil || r.Followers != 2 {
		t.Errorf("%d followers, %v; want 2", r.Followers, err)
	}
	id := civic.SubscriptionOf(db.TownKey(town.ID), follow.ID)
	s, err := db.Subscription(t.Context(), town.ID, id, db.SubscriptionSecret(town.ID, id))
	if err != nil || s.Report != report || s.Code != r.Code {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestACrewIsToldWhomToRingAndAnOfficeHowToAnswer(t *testing.T) {
	db, town := open(t)
	report := civictest.NewID[civic.Report]()
	args := create("pothole", 8.85, 44.45)
	args.Contact = civic.Contact{
		Name: "Rosa Canepa", Phone: "010 1", Email: "rosa@example.it", Postal: "Via Prè 1", Prefers: "letter",
		Hours: "la mattina", Note: "non telefonare: sono sorda", For: "mia madre", Lang: "it",
	}
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, report, 0, civic.KindCreate, args))
	for who, want := range map[civic.Who]string{
		civic.WhoNobody: ``,
		civic.WhoToRing: `{"for":"mia madre","hours":"la mattina","lang":"it","name":"Rosa Canepa","note":"non telefonare: sono sorda","phone":"010 1","prefers":"letter"}`,
		civic.WhoToAnswer: `{"email":"rosa@example.it","for":"mia madre","hours":"la mattina","lang":"it","name":"Rosa Canepa",` +
			`"note":"non telefonare: sono sorda","phone":"010 1","postal":"Via Prè 1","prefers":"letter"}`,
	} {
		body := json.RawMessage(`{"notes":{}}`)
		if err := db.Join(t.Context(), town.ID, []civic.Body{{ID: report, Whole: true, JSON: &body}}, who); err != nil {
			t.Fatal(err)
		}
		var got struct{ Reporter any }
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		sorted, _ := json.Marshal(got.Reporter) // keys in order
		if string(sorted) != want && (want != "" || got.Reporter != nil) {
			t.Errorf("%d: %s, want %s", who, sorted, want)
		}
	}
}
