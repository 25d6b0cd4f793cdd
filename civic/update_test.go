package civic_test

import (
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestNewsAreTheStatusAndWhatIsPublished walks a case and looks at what each edit
// tells the public.
func TestNewsAreTheStatusAndWhatIsPublished(t *testing.T) {
	town := civictest.Town("genova")
	town.Reasons = []civic.Reason{{For: civic.StatusResolved, Name: "Non c'era più"}, {For: civic.StatusRejected, Name: "Doppione", Means: civic.EndingDuplicate}}
	rules := rulesOf(town)
	rules.Reasons = town.Reasons
	operator, crew := civictest.Actor(town, "operator"), civictest.Actor(town, "crew")
	id, now := civictest.NewID[civic.Report](), time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC)
	var r civic.Report
	do := func(a civic.Actor, k civic.Kind, args any) *civic.Update {
		t.Helper()
		e := civictest.Edit(a, id, r.Rev, k, args)
		e.At = now.AddDate(0, 0, -5)
		now = now.Add(time.Minute)
		next, out, err := civic.Apply(rules, r, e, now)
		if err != nil || !out.Result.Changes() {
			t.Fatalf("%s: %+v %v", k, out.Result, err)
		}
		if u := out.Update; u != nil && (u.ID != e.ID || u.Report != id || !u.At.Equal(now)) {
			t.Errorf("%s tells %+v", k, u)
		}
		r = next
		return out.Update
	}
	silent := func(a civic.Actor, k civic.Kind, args any) {
		t.Helper()
		if u := do(a, k, args); u != nil {
			t.Errorf("%s tells %+v", k, u)
		}
	}
	tells := func(s civic.Status, ending civic.Ending, a civic.Actor, k civic.Kind, args any) *civic.Update {
		t.Helper()
		u := do(a, k, args)
		if u == nil || u.Status != s || u.Ending != ending {
			t.Fatalf("%s tells %+v, want %s %q", k, u, s, ending)
		}
		return u
	}
	lon, lat := 8.85, 44.45
	silent(civictest.Citizen, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat})
	silent(operator, civic.KindNote, civic.TextArgs{Text: "x"})
	silent(operator, civic.KindReply, civic.TextArgs{Text: "x"})
	silent(civictest.Citizen, civic.KindMessage, civic.TextArgs{Text: "x"})
	hidden := civictest.Edit(operator, id, r.Rev, civic.KindReply, civic.TextArgs{Text: "x"})
	var out civic.Outcome
	var err error
	if r, out, err = civic.Apply(rules, r, hidden, now); err != nil || out.Update != nil {
		t.Fatal(out, err)
	}
	if u := tells(civic.StatusNew, "", operator, civic.KindPublish, civic.TargetArgs{Target: civic.TargetMessage, ID: hidden.ID.String()}); u.Message != civic.MessageID(hidden.ID) {
		t.Errorf("published %+v", u)
	}
	tells(civic.StatusAssigned, "", operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID})
	silent(operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID, User: crew.User})
	silent(crew, civic.KindAttach, civic.AttachArgs{SHA256: hash('b'), Bytes: 1, Mime: "image/jpeg", Stage: civic.StageAfter})
	tells(civic.StatusResolved, civic.EndingWork, crew, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved})
	silent(civic.System, civic.KindPhoto, civic.PhotoArgs{SHA256: hash('b'), State: civic.PhotoReady, W: 1, H: 1})
	if u := tells(civic.StatusResolved, civic.EndingWork, operator, civic.KindPublish, civic.TargetArgs{Target: civic.TargetPhoto, ID: string(hash('b'))}); u.Photo != hash('b') {
		t.Errorf("published %+v", u)
	}
	if u := tells(civic.StatusAcknowledged, "", civictest.Citizen, civic.KindContest, civic.ContestArgs{}); !u.Reopens {
		t.Errorf("a contest is %+v", u)
	}
	if u := tells(civic.StatusInProgress, "", crew, civic.KindTransition, civic.TransitionArgs{To: civic.StatusInProgress}); u.Reopens {
		t.Error("it opens twice")
	}
	tells(civic.StatusResolved, civic.EndingNone, crew, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "non c'era più"})
	silent(civic.System, civic.KindTransition, civic.TransitionArgs{To: civic.StatusClosed})
	silent(operator, civic.KindReply, civic.TextArgs{Text: "x", Public: true}) // a closed case says nothing more
}

func hash(c byte) civic.SHA256 {
	b := make([]byte, 64)
	for i := range b {
		b[i] = c
	}
	return civic.SHA256(b)
}
