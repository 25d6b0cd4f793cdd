package storage_test

import (
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/storage"
)

// lateCase is a case that has left the first team, and its crew's device.
func lateCase(t *testing.T) (*storage.DB, *civic.Blueprint, civic.ReportID, civic.Tokens) {
	t.Helper()
	db, town := open(t)
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	r, err := db.Report(t.Context(), town.ID, id)
	if err != nil || r.Team != town.Teams[0].ID {
		t.Fatalf("team %s, %v", r.Team, err)
	}
	tokens, err := db.AddDevice(t.Context(), town.ID, civictest.Actor(town, "crew").User, "phone", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	must(t, db, town.ID, civictest.Edit(civictest.Actor(town, "operator"), id, r.Rev, civic.KindAssign, civic.AssignArgs{Team: town.Teams[2].ID}))
	return db, town, id, tokens
}

func push(t *testing.T, db *storage.DB, town *civic.Blueprint, d civic.Tokens, e civic.Edit) civic.Answer {
	t.Helper()
	g, err := db.Grant(t.Context(), town.ID, d.Token, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e.Actor = g.Actor
	a, err := db.Apply(t.Context(), town.ID, e, g.LastN+1)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What a crew did before the case left them is theirs to report: what it adds is
// added, what it changes waits for the office. Whatever base a client says.
func TestAFormerTeamAddsAndTheOfficeDecides(t *testing.T) {
	db, town, id, crew := lateCase(t)
	for _, base := range []int64{0, 1, 1 << 40} {
		edit := func(k civic.Kind, args any) civic.Edit { return civictest.Edit(civic.Actor{}, id, base, k, args) }
		if a := push(t, db, town, crew, edit(civic.KindNote, civic.TextArgs{Text: "Fatto"})); a.Status != civic.Applied {
			t.Errorf("base %d: a late note: %+v", base, a.Result)
		}
		if a := push(t, db, town, crew, edit(civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "fatto"})); a.Status != civic.Conflicting && a.Status != civic.Applied {
			t.Errorf("base %d: a late step: %+v", base, a.Result)
		}
		if a := push(t, db, town, crew, edit(civic.KindReply, civic.TextArgs{Text: "Fatto!", Public: true})); a.Status != civic.Conflicting {
			t.Errorf("base %d: a late reply: %+v", base, a.Result)
		}
	}
	r, err := db.Report(t.Context(), town.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != civic.StatusAssigned || r.Team != town.Teams[2].ID || len(r.Conflicts) != 1 {
		t.Errorf("the case is %s, with %s, %d conflicts", r.Status, r.Team, len(r.Conflicts))
	}
	service := town.Services[0]
	for _, s := range town.Services {
		if s.ID == r.Service {
			service = s
		}
	}
	if p, ok := civic.Public(&r, service, "", time.UTC); !ok || len(p.Messages) > 0 {
		t.Errorf("the public reads %v", p.Messages)
	}
}

// Whoever is put into a team afterwards, or acts without a device, has no such right.
func TestWhoCameToATeamLaterDidNotHaveItsCases(t *testing.T) {
	db, town, id, _ := lateCase(t)
	var other civic.User
	for _, u := range town.Users {
		if u.Login == "crew2" {
			other = u
		}
	}
	other.Teams = append(other.Teams, town.Teams[0].ID)
	if err := db.SaveUser(t.Context(), town.ID, other); err != nil {
		t.Fatal(err)
	}
	tokens, err := db.AddDevice(t.Context(), town.ID, other.ID, "phone", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	note := func() civic.Edit {
		return civictest.Edit(civic.Actor{}, id, 0, civic.KindNote, civic.TextArgs{Text: "x"})
	}
	if a := push(t, db, town, tokens, note()); a.Code != civic.CodeUnknownReport {
		t.Errorf("somebody who came later: %+v", a.Result)
	}
	e := note()
	e.Actor = civictest.Actor(town, "crew")
	if a, err := db.Apply(t.Context(), town.ID, e, 0); err != nil || a.Code != civic.CodeUnknownReport {
		t.Errorf("the crew without a device: %+v %v", a.Result, err)
	}
}

// A person who was taken out of a team has still done what they did.
func TestWhoLeftATeamMayStillReport(t *testing.T) {
	db, town, id, crew := lateCase(t)
	for _, u := range town.Users {
		if u.Login == "crew" {
			u.Teams = nil
			if err := db.SaveUser(t.Context(), town.ID, u); err != nil {
				t.Fatal(err)
			}
		}
	}
	if a := push(t, db, town, crew, civictest.Edit(civic.Actor{}, id, 0, civic.KindNote, civic.TextArgs{Text: "Fatto"})); a.Status != civic.Applied {
		t.Errorf("a late note: %+v", a.Result)
	}
}
