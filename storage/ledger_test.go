package storage_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestTheLedgerNamesWhatIsGoneAndSaysNothingOfIt takes things away in every way and
// reads what is noted of it.
func TestTheLedgerNamesWhatIsGoneAndSaysNothingOfIt(t *testing.T) {
	db, town := open(t)
	office, hash := civictest.Actor(town, "operator"), civic.SHA256(strings.Repeat("c", 64))
	id := civictest.NewID[civic.Report]()
	made := civictest.Edit(office, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45))
	note := civictest.Edit(office, id, 9, civic.KindNote, civic.TextArgs{Text: "CANARY"})
	picture := civictest.Edit(office, id, 9, civic.KindAttach, civic.AttachArgs{SHA256: hash, Bytes: 10, Mime: "image/jpeg", Stage: civic.StageReport})
	for _, e := range []civic.Edit{made, note, picture} {
		must(t, db, town.ID, e)
	}
	for name, c := range map[string]struct {
		kind civic.Kind
		args civic.TargetArgs
		want civic.Kind
		bars []civic.EditID
	}{
		"1 hidden":    {civic.KindHide, civic.TargetArgs{Target: civic.TargetReport, Reason: "CANARY"}, civic.KindHide, nil},
		"2 its words": {civic.KindRedact, civic.TargetArgs{Target: civic.TargetReport, Reason: "CANARY"}, civic.KindRedact, []civic.EditID{made.ID}},
		"3 a note":    {civic.KindRedact, civic.TargetArgs{Target: civic.TargetNote, ID: note.ID.String()}, civic.KindRedact, []civic.EditID{note.ID}},
		"4 a picture": {civic.KindRedact, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash)}, civic.KindRedact, []civic.EditID{picture.ID}},
	} {
		e := civictest.Edit(office, id, 99, c.kind, c.args)
		must(t, db, town.ID, e)
		got, err := db.Taken(t.Context(), town.ID, e.ID)
		if err != nil || got.Kind != c.want || got.Report != id || got.At.IsZero() || !slices.Equal(got.Bars, c.bars) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		raw, err := json.Marshal(got)
		if err != nil || strings.Contains(string(raw), "CANARY") {
			t.Errorf("%s: %s %v", name, raw, err)
		}
	}
	purge := civictest.Edit(civictest.Actor(town, "admin"), id, 99, civic.KindPurge, struct{}{})
	must(t, db, town.ID, purge)
	got, err := db.Taken(t.Context(), town.ID, purge.ID)
	if err != nil || got.Kind != civic.KindPurge || len(got.Bars) != 3+4 || !slices.Contains(got.Bars, note.ID) {
		t.Errorf("the whole case: %+v %v", got, err)
	}
}

// TestACoveredPictureIsHiddenAfterARestore: where the boxes were is not in the
// ledger, that there were some is.
func TestACoveredPictureIsHiddenAfterARestore(t *testing.T) {
	db, town := open(t)
	office, hash := civictest.Actor(town, "operator"), civic.SHA256(strings.Repeat("c", 64))
	id := civictest.NewID[civic.Report]()
	must(t, db, town.ID, civictest.Edit(office, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
	must(t, db, town.ID, civictest.Edit(office, id, 9, civic.KindAttach, civic.AttachArgs{SHA256: hash, Bytes: 10, Mime: "image/jpeg", Stage: civic.StageReport}))
	must(t, db, town.ID, civic.SystemEdit(db.TownKey(town.ID), civic.EditID(id), id, civic.KindPhoto, civic.PhotoArgs{SHA256: hash, State: civic.PhotoReady, W: 10, H: 10}, "ready"))
	e := civictest.Edit(office, id, 99, civic.KindRedact, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash), Boxes: []civic.Box{{0.1, 0.1, 0.2, 0.2}}})
	must(t, db, town.ID, e)
	got, err := db.Taken(t.Context(), town.ID, e.ID)
	if err != nil || got.Kind != civic.KindHide || len(got.Bars) != 0 || got.Args.ID != string(hash) {
		t.Errorf("%+v %v", got, err)
	}
}

// TestABarredEditIsRefusedWhateverItSays offers one that must not come back.
func TestABarredEditIsRefusedWhateverItSays(t *testing.T) {
	db, town := open(t)
	id := civictest.NewID[civic.Report]()
	kept := civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, create("pothole", 8.85, 44.45))
	must(t, db, town.ID, kept)
	gone := civictest.Edit(civictest.Actor(town, "crew"), id, 9, civic.KindNote, civic.TextArgs{Text: "CANARY"})
	if err := db.Bar(t.Context(), town.ID, id, []civic.EditID{kept.ID, gone.ID}); err != nil {
		t.Fatal(err)
	}
	if a := must(t, db, town.ID, kept); a.Status != civic.Applied {
		t.Errorf("one that is here: %+v", a)
	}
	for range 2 {
		if a, err := db.Apply(t.Context(), town.ID, gone, 0); err != nil || a.Status != civic.Refused || a.Code != civic.CodeErased || a.Versions == nil {
			t.Errorf("%+v %v", a, err)
		}
	}
	if r, err := db.Report(t.Context(), town.ID, id); err != nil || len(r.Notes) != 0 {
		t.Errorf("%d notes, %v", len(r.Notes), err)
	}
	events, err := db.History(t.Context(), town.ID, id)
	if err != nil || slices.ContainsFunc(events, func(e civic.Event) bool { return e.ID == gone.ID }) {
		t.Errorf("it is in the case's history: %v", err)
	}
}
