package civic_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

func rulesOf(b *civic.Blueprint) *civic.Rules {
	r := &civic.Rules{
		Prefix: b.Prefix, Calendar: b.Calendar, Routes: b.Routes,
		Services: make(map[civic.ServiceID]civic.Service), Teams: make(map[civic.TeamID]civic.Team), Users: make(map[civic.UserID]civic.User),
		Locate: func(p civic.Position) (civic.AreaID, bool) {
			if p.Lon < 8.9 {
				return b.Areas[0].ID, true
			}
			return b.Areas[1].ID, true
		},
	}
	for _, s := range b.Services {
		r.Services[s.ID] = s
	}
	for _, t := range b.Teams {
		r.Teams[t.ID] = t
	}
	for _, u := range b.Users {
		r.Users[u.ID] = u
	}
	return r
}

// anyEdit draws an edit of any kind by anybody, sensible or not.
func anyEdit(t *rapid.T, town *civic.Blueprint, id civic.ReportID, rev int64) civic.Edit {
	actors := []civic.Actor{civictest.Citizen, civic.System, {Role: civic.RoleCitizen}}
	for _, u := range town.Users {
		actors = append(actors, civictest.Actor(town, u.Login))
	}
	lon, lat := rapid.Float64Range(8.8, 9).Draw(t, "lon"), 44.45
	status := rapid.SampledFrom(civic.Statuses).Draw(t, "to")
	team := rapid.SampledFrom(town.Teams).Draw(t, "team").ID
	hash := civic.SHA256("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	kinds := []struct {
		kind civic.Kind
		args any
	}{
		{civic.KindCreate, civic.CreateArgs{Service: "tree", Title: "x", Lon: &lon, Lat: &lat}},
		{civic.KindTransition, civic.TransitionArgs{To: status, Reason: "because", For: "citizen", Month: "2027-03"}},
		{civic.KindAssign, civic.AssignArgs{Team: team}},
		{civic.KindSet, map[string]any{"field": "title", "value": rapid.StringN(0, 10, 40).Draw(t, "title")}},
		{civic.KindSet, map[string]any{"field": "location", "value": civic.Position{Lon: lon, Lat: lat}}},
		{civic.KindSet, map[string]any{"field": "priority", "value": "high"}},
		{civic.KindCheck, civic.CheckArgs{Item: "helmet", Value: "yes"}},
		{civic.KindNote, civic.TextArgs{Text: "note"}},
		{civic.KindReply, civic.TextArgs{Text: "reply", Public: true}},
		{civic.KindMessage, civic.TextArgs{Text: "message"}},
		{civic.KindAttach, civic.AttachArgs{SHA256: hash, Bytes: 10, Mime: "image/jpeg", Stage: civic.StageAfter}},
		{civic.KindPhoto, civic.PhotoArgs{SHA256: hash, State: civic.PhotoRejected}},
		{civic.KindContest, civic.ContestArgs{Text: "no"}},
		{civic.KindPublish, civic.TargetArgs{Target: "report"}},
		{civic.KindHide, civic.TargetArgs{Target: "report"}},
		{civic.KindRedact, civic.TargetArgs{Target: "report"}},
		{civic.KindExpire, civic.ExpireArgs{What: "membership"}},
		{civic.KindPurge, struct{}{}},
		{"nonsense", struct{}{}},
	}
	k := rapid.SampledFrom(kinds).Draw(t, "kind")
	e := civictest.Edit(rapid.SampledFrom(actors).Draw(t, "actor"), id, rapid.Int64Range(0, rev+1).Draw(t, "base"), k.kind, k.args)
	e.Minted.Code = civic.NewCode("TT", 1)
	return e
}

// TestApplyIsPureAndTotal drives a report through any edits by anybody, and
// checks what must hold of each step.
func TestApplyIsPureAndTotal(t *testing.T) {
	town := civictest.Town("genova")
	rules := rulesOf(town)
	rapid.Check(t, func(t *rapid.T) {
		id := civictest.ID[civic.Report](town.ID, "report")
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var r civic.Report
		held := map[civic.Scope]int64{}
		bodies := map[civic.Scope]json.RawMessage{}
		for range rapid.IntRange(1, 25).Draw(t, "edits") {
			e := anyEdit(t, town, id, r.Rev)
			if r.Rev == 0 {
				lon, lat := 8.85, 44.45
				e = civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat})
			}
			before := r.Clone()
			next, out, err := civic.Apply(rules, r, e, now)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(before, r.Clone()) {
				t.Fatal("the argument was changed")
			}
			again, outAgain, _ := civic.Apply(rules, r, e, now)
			if !reflect.DeepEqual(next, again) || !reflect.DeepEqual(out.Result, outAgain.Result) {
				t.Fatal("the same arguments gave another answer")
			}
			check(t, &before, &next, out)
			for _, op := range civic.Emit(&before, &next, held, e.ID, out.Why, out.Blank) {
				if !out.Result.Changes() {
					break
				}
				applyOp(t, held, bodies, op)
			}
			r = next
			for _, s := range civic.ScopesOf(&r) {
				if !sameJSON(bodies[s], civic.Project(s.Kind(), &r)) || held[s] != r.Rev {
					t.Fatalf("%s holds %s at %d, want %s at %d", s, bodies[s], held[s], civic.Project(s.Kind(), &r), r.Rev)
				}
			}
			if len(held) != len(civic.ScopesOf(&r)) {
				t.Fatalf("held in %v, want %v", held, civic.ScopesOf(&r))
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "hours")) * time.Hour)
		}
	})
}

func check(t *rapid.T, before, after *civic.Report, out civic.Outcome) {
	switch {
	case out.Result.Changes() && after.Rev != before.Rev+1:
		t.Fatalf("%s at rev %d, then %d", out.Result.Status, before.Rev, after.Rev)
	case !out.Result.Changes() && !reflect.DeepEqual(*before, after.Clone()):
		t.Fatalf("%s changed the report", out.Result.Status)
	case out.Result.Status == civic.Refused && out.Result.Code == "":
		t.Fatal("refused without a code")
	case out.Result.Status != civic.Refused && out.Result.Rev != after.Rev:
		t.Fatalf("the result says rev %d, the report is at %d", out.Result.Rev, after.Rev)
	case after.Rev > 0 && after.Status.Open() != after.Closed.IsZero():
		t.Fatalf("%s, closed %s", after.Status, after.Closed)
	case (after.Waiting != nil) != (after.Status == civic.StatusWaiting):
		t.Fatalf("%s with waiting %v", after.Status, after.Waiting)
	case after.Hidden && after.Visible:
		t.Fatal("hidden and visible")
	}
}

func applyOp(t *rapid.T, held map[civic.Scope]int64, bodies map[civic.Scope]json.RawMessage, op civic.ScopedOp) {
	if op.Was != held[op.Scope] {
		t.Fatalf("%s was at %d, the op says %d", op.Scope, held[op.Scope], op.Was)
	}
	switch op.Kind {
	case civic.OpLeave:
		delete(held, op.Scope)
		delete(bodies, op.Scope)
		return
	case civic.OpEnter:
		bodies[op.Scope] = op.Body
	case civic.OpPatch:
		merged, err := civic.Merge(bodies[op.Scope], op.Body)
		if err != nil {
			t.Fatal(err)
		}
		bodies[op.Scope] = merged
	}
	held[op.Scope] = op.Rev
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func FuzzParseEdit(f *testing.F) {
	f.Add([]byte(`{"id":"01890a5d-ac96-774b-bcce-b302099a8057","report":"01890a5d-ac96-774b-bcce-b302099a8058","base_rev":1,"kind":"note","args":{"text":"x"},"at":"2026-01-01T00:00:00Z"}`))
	f.Add([]byte(`{"at":5}`))
	town := civictest.Town("genova")
	rules := rulesOf(town)
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := civic.ParseEdit(raw)
		if err != nil {
			return
		}
		e.Actor = civic.System
		if _, _, err := civic.Apply(rules, civic.Report{ID: e.Report, Rev: 1, Status: civic.StatusNew}, e, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	})
}
