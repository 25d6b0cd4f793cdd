package demo

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"segnavia/civic"
)

var present = time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC)

// rulesOf are the rules as a server makes them of a blueprint.
func rulesOf(t testing.TB, b *civic.Blueprint) *civic.Rules {
	t.Helper()
	rules := &civic.Rules{
		Prefix: b.Prefix, Calendar: b.Calendar, Routes: b.Routes,
		Services: make(map[civic.ServiceID]civic.Service), Teams: make(map[civic.TeamID]civic.Team),
		Users: make(map[civic.UserID]civic.User),
	}
	if err := rules.Calendar.Load(); err != nil {
		t.Fatal(err)
	}
	for _, s := range b.Services {
		rules.Services[s.ID] = s
	}
	for _, team := range b.Teams {
		rules.Teams[team.ID] = team
	}
	for _, u := range b.Users {
		rules.Users[u.ID] = u
	}
	all := lanesOf(b)
	rules.Locate = func(p civic.Position) (civic.AreaID, bool) {
		if i := all.at(orb.Point{p.Lon, p.Lat}); i >= 0 {
			return all.areas[i].id, true
		}
		return civic.AreaID{}, false
	}
	return rules
}

// stub are pictures small enough to make at once.
func stub() []Photo {
	var list []Photo
	for i, subject := range []string{"buca", "sacchi", "lampione", "albero", "tombino", "marciapiede"} {
		for j, stage := range []string{civic.StageReport, civic.StageAfter} {
			hash := civic.SHA256(fmt.Sprintf("%064x", 16*i+j))
			list = append(list, Photo{SHA256: hash, JPEG: []byte{1}, W: 1024, H: 768, Stage: stage, subject: subject})
		}
	}
	return list
}

// replay runs the rules over a case as an import does.
func replay(t *testing.T, rules *civic.Rules, past civic.Past) civic.Report {
	t.Helper()
	var r civic.Report
	last := time.Time{}
	for i, e := range past.Edits {
		if e.Now.Before(last) || !e.Now.Before(present) {
			t.Fatalf("edit %d of %s at %s: after %s, present %s", i, past.Report, e.Now, last, present)
		}
		if last = e.Now; e.BaseRev != r.Rev {
			t.Fatalf("%s of %s at rev %d says base %d", e.Kind, past.Report, r.Rev, e.BaseRev)
		}
		next, out, err := civic.Apply(rules, r, e.Edit, e.Now)
		if err != nil || out.Result.Status != civic.Applied {
			t.Fatalf("edit %d, %s %s by %s on a %s case: %v %+v", i, e.Kind, e.Args, e.Actor.Role, r.Status, err, out.Result)
		}
		r = next
		for _, follow := range out.Follow {
			if r, out, err = civic.Apply(rules, r, follow, e.Now); err != nil || out.Result.Status != civic.Applied {
				t.Fatalf("follow of %s: %v %+v", past.Report, err, out.Result)
			}
		}
	}
	return r
}

func TestTheRulesTakeEveryEdit(t *testing.T) {
	t.Parallel()
	b := Town()
	rules := rulesOf(t, b)
	states := make(map[civic.Status]int)
	channels := make(map[civic.Channel]int)
	areas := make(map[civic.AreaID]int)
	open, young, youngOpen, photos, edits, contacts, n := 0, 0, 0, 0, 0, 0, 0
	kept, missed, archived := 0, 0, 0
	for past := range CasesWith(b, 7, 2000, present, stub()) {
		r := replay(t, rules, past)
		n++
		edits += len(past.Edits)
		states[r.Status]++
		channels[r.Channel]++
		areas[r.Area]++
		if len(r.Photos) > 0 {
			photos++
		}
		var args civic.CreateArgs
		if json.Unmarshal(past.Edits[0].Args, &args); !args.Contact.IsZero() {
			contacts++
		}
		if r.Status.Open() {
			open++
		} else if r.Closed.Before(r.Deadlines.Resolution) {
			kept++
		} else {
			missed++
		}
		if r.Archived {
			archived++
		}
		if present.Sub(r.Created) < 30*24*time.Hour {
			young++
			if r.Status.Open() {
				youngOpen++
			}
		}
	}
	t.Logf("states %v; channels %v; with photos %d; contacts %d; edits %d", states, channels, photos, contacts, edits)
	t.Logf("open %d; of %d young %d; kept %d missed %d; archived %d", open, young, youngOpen, kept, missed, archived)
	for _, a := range b.Areas {
		t.Logf("%s: %d", a.Name, areas[a.ID])
	}
	if n != 2000 {
		t.Errorf("%d cases, want 2000", n)
	}
	if open < 60 || open > 220 {
		t.Errorf("%d of 2000 open", open)
	}
	if 2*youngOpen < young {
		t.Errorf("of the last month's %d cases only %d are open", young, youngOpen)
	}
	for _, s := range civic.Statuses {
		if states[s] == 0 {
			t.Errorf("no case is %s", s)
		}
	}
}

func TestTheSameSeedTellsTheSame(t *testing.T) {
	t.Parallel()
	sum := func(seed uint64) uint64 {
		h := fnv.New64a()
		for past := range CasesWith(Town(), seed, 80, present, stub()) {
			if err := json.NewEncoder(h).Encode(past); err != nil {
				t.Fatal(err)
			}
		}
		return h.Sum64()
	}
	if first, again := sum(3), sum(3); first != again {
		t.Error("one seed tells two stories")
	}
	if sum(3) == sum(4) {
		t.Error("two seeds tell one story")
	}
}

func BenchmarkCases(b *testing.B) {
	b.ReportAllocs()
	town := Town()
	for b.Loop() {
		for range CasesWith(town, 1, 5000, present, stub()) {
		}
	}
}
