package civic_test

import (
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// hands is a case that goes from hand to hand, a day at a time.
type hands struct {
	t     *testing.T
	rules *civic.Rules
	r     civic.Report
	now   time.Time
}

func newHands(t *testing.T) (*hands, *civic.Blueprint) {
	t.Helper()
	town, rules, _ := secretTown(t)
	h := &hands{t: t, rules: rules, now: time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)}
	lon, lat := 8.85, 44.45
	h.does(civictest.Citizen, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat})
	return h, town
}

// does applies an edit and keeps what it changes.
func (h *hands) does(a civic.Actor, k civic.Kind, args any) civic.Outcome {
	h.t.Helper()
	e := civictest.Edit(a, civictest.NewID[civic.Report](), h.r.Rev, k, args)
	if h.r.Exists() {
		e.Report = h.r.ID
	}
	e.Minted.Code = civic.NewCode("GE", 2)
	next, out, err := civic.Apply(h.rules, h.r, e, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	h.r = next
	return out
}

func (h *hands) day(n int) { h.now = h.now.AddDate(0, 0, n) }

// former is somebody with a device who was in a team between two instants.
func (h *hands) former(team civic.TeamID, since, until time.Time) civic.Actor {
	return civic.Actor{
		Role: civic.RoleCrew, User: civictest.NewID[civic.User](), Device: civictest.NewID[civic.Device](),
		Tenures: []civic.Tenure{{Team: team, Since: since, Until: until}},
	}
}

func (h *hands) notes(what string, a civic.Actor, taken bool) {
	h.t.Helper()
	got := h.does(a, civic.KindNote, civic.TextArgs{Text: "Fatto"}).Result
	if taken != (got.Status == civic.Applied) || !taken && got.Code != civic.CodeUnknownReport {
		h.t.Errorf("%s: a note is %s %s", what, got.Status, got.Code)
	}
}

// TestAStayLastsAsLongAsTheTeamHadTheCase gives a case to one of the team, to another
// team and back: what somebody did who was in the team at any of these times counts.
func TestAStayLastsAsLongAsTheTeamHadTheCase(t *testing.T) {
	h, town := newHands(t)
	operator, one := civictest.Actor(town, "operator"), civictest.Actor(town, "crew").User
	operator.Desks = []civic.DeskID{town.Desks[0].ID}
	team, other := town.Teams[0].ID, town.Teams[2].ID
	long := h.now.AddDate(-1, 0, 0)
	assign := func(a civic.AssignArgs) {
		t.Helper()
		if out := h.does(operator, civic.KindAssign, a); out.Result.Status != civic.Applied {
			t.Fatalf("%+v: %+v", a, out.Result)
		}
	}
	before := h.former(team, long, h.now.Add(-time.Minute))
	assign(civic.AssignArgs{Team: team})
	h.day(1)
	gone := h.former(team, long, h.now) // with work on the phone
	h.day(1)
	h.notes("who left before it came", before, false)
	h.notes("who left while the team has it", gone, true)
	assign(civic.AssignArgs{Team: team, User: one})
	h.notes("once it is one person's", gone, true)
	h.day(1)
	assign(civic.AssignArgs{Team: other})
	h.notes("once it is another team's", gone, true)
	after := h.former(team, h.now.Add(time.Minute), time.Time{})
	h.notes("who came to the team afterwards", after, false)
	h.day(1)
	assign(civic.AssignArgs{Team: team})
	h.notes("once it is back", gone, true)
	h.day(civic.LateDays)
	h.notes("long after they left the team", gone, false)
}

// TestALateAnswerWaitsWhoeverItIsFor sends answers for everybody and for the reporter
// alone. The office sends each where it was meant to go.
func TestALateAnswerWaitsWhoeverItIsFor(t *testing.T) {
	for _, public := range []bool{true, false} {
		h, town := newHands(t)
		operator := civictest.Actor(town, "operator")
		operator.Desks = []civic.DeskID{town.Desks[0].ID}
		h.does(operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID})
		h.does(operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[2].ID})
		h.r.Replied = time.Time{}
		out := h.does(h.former(town.Teams[0].ID, h.r.Created, time.Time{}), civic.KindReply, civic.TextArgs{Text: "Fatto!", Public: public})
		if out.Result.Status != civic.Conflicting || len(out.Effects) > 0 || !h.r.Replied.IsZero() {
			t.Errorf("public %v: %+v, effects %v, replied %v", public, out.Result, out.Effects, h.r.Replied)
		}
		for id, m := range h.r.Messages {
			if !m.Held {
				t.Errorf("public %v: nobody looks at it", public)
			}
			out = h.does(operator, civic.KindPublish, civic.TargetArgs{Target: civic.TargetMessage, ID: id.String()})
		}
		for _, m := range h.r.Messages {
			if m.Held || m.Public != public || h.r.Replied.IsZero() || len(out.Effects) == 0 {
				t.Errorf("public %v: %+v, replied %v, effects %v", public, m, h.r.Replied, out.Effects)
			}
		}
	}
}

// TestTheReasonOfALateStepIsKept tells why twice, and of a step that is done already.
func TestTheReasonOfALateStepIsKept(t *testing.T) {
	h, town := newHands(t)
	operator := civictest.Actor(town, "operator")
	operator.Desks = []civic.DeskID{town.Desks[0].ID}
	h.does(operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID})
	h.does(operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[2].ID})
	gone := h.former(town.Teams[0].ID, h.r.Created, time.Time{})
	for i, want := range []civic.ResultStatus{civic.Conflicting, civic.Applied} {
		out := h.does(gone, civic.KindTransition, civic.TransitionArgs{To: civic.StatusResolved, Reason: "asfalto a freddo"})
		if out.Result.Status != want || len(h.r.Notes) != i+1 || len(h.r.Conflicts) != 1 {
			t.Errorf("%d: %+v, %d notes, %d conflicts", i, out.Result, len(h.r.Notes), len(h.r.Conflicts))
		}
	}
	out := h.does(gone, civic.KindTransition, civic.TransitionArgs{To: civic.StatusAssigned, Reason: "ci siamo andati"})
	if out.Result.Status != civic.Applied || len(h.r.Notes) != 3 || len(h.r.Conflicts) != 1 {
		t.Errorf("as it is: %+v, %d notes, %d conflicts", out.Result, len(h.r.Notes), len(h.r.Conflicts))
	}
}

// TestALateGuessAtAConfidentialCaseIsNotAnswered tries what is and what is not: both
// are answered alike.
func TestALateGuessAtAConfidentialCaseIsNotAnswered(t *testing.T) {
	h, town := newHands(t)
	operator := civictest.Actor(town, "operator")
	operator.Desks = []civic.DeskID{town.Desks[0].ID}
	h.does(operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID})
	h.does(operator, civic.KindSet, map[string]any{"field": "title", "value": "Buca"})
	h.does(operator, civic.KindSet, map[string]any{"field": "service", "value": "distress"})
	if !h.r.Confidential {
		t.Fatal("the case is not confidential")
	}
	gone := h.former(town.Teams[0].ID, h.r.Created, time.Time{})
	for _, try := range []struct {
		kind         civic.Kind
		right, wrong any
	}{
		{civic.KindTransition, civic.TransitionArgs{To: h.r.Status}, civic.TransitionArgs{To: civic.StatusResolved}},
		{civic.KindSet, map[string]any{"field": "title", "value": h.r.Title}, map[string]any{"field": "title", "value": "Altro"}},
		{civic.KindReply, civic.TextArgs{Text: "a"}, civic.TextArgs{Text: "b", Public: true}},
	} {
		right, wrong := h.does(gone, try.kind, try.right).Result, h.does(gone, try.kind, try.wrong).Result
		if right.Status != wrong.Status || right.Status != civic.Conflicting || right.Theirs != nil || wrong.Theirs != nil {
			t.Errorf("%s: %+v where it is so, %+v where not", try.kind, right, wrong)
		}
	}
}
