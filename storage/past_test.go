package storage_test

import (
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func TestThePastIsToldOnce(t *testing.T) {
	db, town := open(t)
	var batch []civic.Past
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range 450 {
		id := civictest.ID[civic.Report](town.ID, "past"+string(rune('a'+i)))
		at := begin.Add(time.Duration(i) * time.Minute)
		edit := func(what string, a civic.Actor, k civic.Kind, args any, after time.Duration) civic.PastEdit {
			e := civictest.Edit(a, id, 0, k, args)
			e.ID = civic.DeriveID[civic.Edit](id, what)
			return civic.PastEdit{Edit: e, Now: at.Add(after)}
		}
		c := create("pothole", 8.81+float64(i)*0.0004, 44.45)
		c.Created, c.Contact = at, civic.Contact{Name: "Somebody"}
		batch = append(batch, civic.Past{Report: id, Edits: []civic.PastEdit{
			edit("create", civic.System, civic.KindCreate, c, 0),
			edit("note", civictest.Actor(town, "crew"), civic.KindNote, civic.TextArgs{Text: "seen"}, time.Hour),
			edit("resolve", civictest.Actor(town, "crew"), civic.KindTransition,
				civic.TransitionArgs{To: civic.StatusResolved, Reason: "filled"}, 2*time.Hour),
		}})
	}
	told, err := db.IngestPast(t.Context(), town.ID, batch)
	if err != nil || told.New != 450 || len(told.Refused) > 0 {
		t.Fatalf("told %+v, %v", told, err)
	}
	again, err := db.IngestPast(t.Context(), town.ID, batch)
	if err != nil || again.New != 0 || again.Known != 450 {
		t.Fatalf("told again %+v, %v", again, err)
	}
	found, err := db.CheckLog(t.Context(), town.ID)
	if err != nil || found.Ops != 0 || found.Heads != 0 {
		t.Errorf("the log differs from the tables: %+v, %v", found, err)
	}
	scope := civic.ScopeOf(civic.ScopeTeam, town.Teams[0].ID)
	d, head, err := db.Pull(t.Context(), town.ID, scope, 0, 500)
	if err != nil || head != 3 || len(d.Ops) != 450 {
		t.Errorf("450 ops come in %d versions, %d of them pulled, %v; want 3 versions of at most 200", head, len(d.Ops), err)
	}
}
