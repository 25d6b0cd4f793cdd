package storage_test

import (
	"strings"
	"testing"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestWhatIsDoneToAPictureIsDoneWhereverItIs attaches one picture to two reports and
// publishes it in both.
func TestWhatIsDoneToAPictureIsDoneWhereverItIs(t *testing.T) {
	hash := civic.SHA256(strings.Repeat("c", 64))
	box := []civic.Box{{0.1, 0.1, 0.2, 0.2}}
	for name, c := range map[string]struct {
		kind civic.Kind
		args civic.TargetArgs
		want func(p civic.Photo, here bool) bool
	}{
		"hide": {civic.KindHide, civic.TargetArgs{Target: "photo", ID: string(hash)}, func(p civic.Photo, here bool) bool { return here && !p.Public }},
		"cover": {civic.KindRedact, civic.TargetArgs{Target: "photo", ID: string(hash), Boxes: box}, func(p civic.Photo, here bool) bool {
			return here && civic.CoverOf(p.Boxes) == civic.CoverOf(box) && !p.Shown()
		}},
		"away": {civic.KindRedact, civic.TargetArgs{Target: "photo", ID: string(hash)}, func(_ civic.Photo, here bool) bool { return !here }},
	} {
		t.Run(name, func(t *testing.T) {
			db, town := open(t)
			operator := civictest.Actor(town, "operator")
			var ids [3]civic.ReportID // the third has other pictures
			for i := range ids {
				ids[i] = civictest.NewID[civic.Report]()
				one := hash
				if i == 2 {
					one = civic.SHA256(strings.Repeat("d", 64))
				}
				must(t, db, town.ID, civictest.Edit(civictest.Citizen, ids[i], 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
				must(t, db, town.ID, civictest.Edit(operator, ids[i], 9, civic.KindAttach, civic.AttachArgs{SHA256: one, Bytes: 9, Mime: "image/jpeg", Stage: civic.StageReport}))
				must(t, db, town.ID, civictest.Edit(civic.System, ids[i], 9, civic.KindPhoto, civic.PhotoArgs{SHA256: one, State: civic.PhotoReady, W: 9, H: 9}))
				must(t, db, town.ID, civictest.Edit(operator, ids[i], 9, civic.KindPublish, civic.TargetArgs{Target: "photo", ID: string(one)}))
			}
			e := civictest.Edit(operator, ids[0], 9, c.kind, c.args)
			must(t, db, town.ID, e)
			for range 2 {
				if err := db.SpreadPhoto(t.Context(), town.ID, ids[0], hash, e.ID, c.kind, c.args.Boxes == nil); err != nil {
					t.Fatal(err)
				}
			}
			for i, id := range ids {
				r, err := db.Report(t.Context(), town.ID, id)
				if err != nil {
					t.Fatal(err)
				}
				for one, p := range r.Photos {
					if i == 2 && !p.Public || i < 2 && !c.want(p, one == hash) {
						t.Errorf("report %d: %+v", i, p)
					}
				}
				if _, here := r.Photos[hash]; i < 2 && !c.want(r.Photos[hash], here) {
					t.Errorf("report %d: there %v", i, here)
				}
			}
		})
	}
}

// TestACoverThatComesLateUncoversNothing covers a picture that two reports have and
// takes it away in the first before the job for the cover runs.
func TestACoverThatComesLateUncoversNothing(t *testing.T) {
	db, town := open(t)
	operator, hash := civictest.Actor(town, "operator"), civic.SHA256(strings.Repeat("c", 64))
	cover := civic.TargetArgs{Target: "photo", ID: string(hash), Boxes: []civic.Box{{0.1, 0.1, 0.2, 0.2}}}
	var ids [2]civic.ReportID
	var covered civic.Edit
	for i := range ids {
		ids[i] = civictest.NewID[civic.Report]()
		must(t, db, town.ID, civictest.Edit(civictest.Citizen, ids[i], 0, civic.KindCreate, create("pothole", 8.85, 44.45)))
		must(t, db, town.ID, civictest.Edit(operator, ids[i], 9, civic.KindAttach, civic.AttachArgs{SHA256: hash, Bytes: 9, Mime: "image/jpeg", Stage: civic.StageReport}))
		must(t, db, town.ID, civictest.Edit(civic.System, ids[i], 9, civic.KindPhoto, civic.PhotoArgs{SHA256: hash, State: civic.PhotoReady, W: 9, H: 9}))
		covered = civictest.Edit(operator, ids[i], 9, civic.KindRedact, cover)
		must(t, db, town.ID, covered)
	}
	must(t, db, town.ID, civictest.Edit(operator, ids[1], 9, civic.KindRedact, civic.TargetArgs{Target: "photo", ID: string(hash)}))
	if err := db.SpreadPhoto(t.Context(), town.ID, ids[1], hash, covered.ID, civic.KindRedact, false); err != nil {
		t.Fatal(err)
	}
	r, err := db.Report(t.Context(), town.ID, ids[0])
	if err != nil || civic.CoverOf(r.Photos[hash].Boxes) != civic.CoverOf(cover.Boxes) {
		t.Errorf("the other report's picture: %+v, %v", r.Photos[hash], err)
	}
}
