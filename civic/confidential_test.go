package civic_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// secretTown is a town whose distress is confidential, and a case of it.
func secretTown(t *testing.T) (*civic.Blueprint, *civic.Rules, civic.Report) {
	t.Helper()
	town := civictest.Town("genova")
	rules := &civic.Rules{
		Services: map[civic.ServiceID]civic.Service{}, Teams: map[civic.TeamID]civic.Team{}, Users: map[civic.UserID]civic.User{},
		Locate: func(civic.Position) (civic.AreaID, bool) { return town.Areas[0].ID, true },
		Routes: []civic.Route{{Desk: town.Desks[0].ID, Team: town.Teams[0].ID}},
	}
	for _, s := range town.Services {
		s.Confidential = s.Code == "distress"
		rules.Services[s.ID] = s
	}
	for _, x := range town.Teams {
		rules.Teams[x.ID] = x
	}
	for _, u := range town.Users {
		rules.Users[u.ID] = u
	}
	lon, lat := 8.85, 44.45
	e := civictest.Edit(civictest.Citizen, civictest.NewID[civic.Report](), 0, civic.KindCreate, civic.CreateArgs{
		Service: "distress", Title: "CANARY", Description: "CANARY", Address: "CANARY", Lon: &lon, Lat: &lat,
	})
	e.Minted.Code = civic.NewCode("GE", 1)
	r, out, err := civic.Apply(rules, civic.Report{}, e, time.Now())
	if err != nil || len(out.Follow) > 0 {
		t.Fatalf("%+v, follow %v, %v", out.Result, out.Follow, err)
	}
	return town, rules, r
}

func TestAConfidentialCaseIsItsDesksAlone(t *testing.T) {
	town, rules, r := secretTown(t)
	if got := civic.ScopesOf(&r); !slices.Equal(got, []civic.Scope{civic.ScopeOf(civic.ScopeDesk, r.Desk)}) {
		t.Errorf("it stands in %v", got)
	}
	for _, k := range []civic.ScopeKind{civic.ScopeDesk, civic.ScopeOwn} {
		if body := string(civic.Project(k, &r)); strings.Contains(body, "CANARY") || strings.Contains(body, "lon") || !strings.Contains(body, string(r.Code)) {
			t.Errorf("%s holds %s", k, body)
		}
	}
	if r.Visible {
		t.Error("the public map shows it")
	}
	inside := civic.Actor{Role: civic.RoleOperator, User: civictest.NewID[civic.User](), Desks: []civic.DeskID{town.Desks[0].ID}}
	for name, c := range map[string]struct {
		who   civic.Actor
		reads bool
	}{
		"its desk":          {inside, true},
		"an administrator":  {civic.Actor{Role: civic.RoleAdmin, User: civictest.NewID[civic.User]()}, true},
		"another desk":      {civic.Actor{Role: civic.RoleOperator, User: inside.User, Desks: []civic.DeskID{civictest.NewID[civic.Desk]()}}, false},
		"a foreman":         {civic.Actor{Role: civic.RoleForeman, User: civictest.NewID[civic.User](), Teams: []civic.TeamID{town.Teams[0].ID}}, false},
		"the route's crew":  {civictest.Actor(town, "crew"), false},
		"a planner":         {civic.Actor{Role: civic.RolePlanner, User: inside.User, Desks: inside.Desks}, false},
		"a crew at a desk":  {civic.Actor{Role: civic.RoleCrew, User: inside.User, Desks: inside.Desks}, false},
		"somebody nameless": {civic.Actor{Role: civic.RoleOperator}, false},
	} {
		if got := c.who.Reads(&r); got != c.reads {
			t.Errorf("%s reads it: %v", name, got)
		}
		_, out, err := civic.Apply(rules, r, civictest.Edit(c.who, r.ID, r.Rev, civic.KindNote, civic.TextArgs{Text: "x"}), time.Now())
		if err != nil || (out.Result.Status == civic.Applied) != c.reads {
			t.Errorf("%s notes: %+v %v", name, out.Result, err)
		}
	}
	_, out, err := civic.Apply(rules, r, civictest.Edit(inside, r.ID, r.Rev, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID}), time.Now())
	if err != nil || out.Result.Code != civic.CodeConfidential {
		t.Errorf("given to a team: %+v %v", out.Result, err)
	}
}

// A case that turns out to be confidential leaves the team that had it, and the map.
func TestACaseThatBecomesConfidentialLeavesItsTeam(t *testing.T) {
	town, rules, _ := secretTown(t)
	lon, lat := 8.85, 44.45
	apply := func(r civic.Report, a civic.Actor, k civic.Kind, args any) civic.Report {
		e := civictest.Edit(a, civictest.NewID[civic.Report](), r.Rev, k, args)
		if r.Exists() {
			e.Report = r.ID
		}
		e.Minted.Code = civic.NewCode("GE", 2)
		next, out, err := civic.Apply(rules, r, e, time.Now())
		if err != nil || out.Result.Status != civic.Applied {
			t.Fatalf("%s: %+v %v", k, out.Result, err)
		}
		return next
	}
	operator := civictest.Actor(town, "operator")
	operator.Desks = []civic.DeskID{town.Desks[0].ID}
	r := apply(civic.Report{}, civictest.Citizen, civic.KindCreate, civic.CreateArgs{Service: "pothole", Lon: &lon, Lat: &lat})
	r = apply(r, operator, civic.KindAssign, civic.AssignArgs{Team: town.Teams[0].ID})
	before := civic.ScopesOf(&r)
	r = apply(r, operator, civic.KindSet, map[string]any{"field": "service", "value": "distress"})
	if !r.Team.IsZero() || !r.Confidential || r.Visible || len(before) != 3 {
		t.Errorf("team %s, confidential %v, visible %v, was in %v", r.Team, r.Confidential, r.Visible, before)
	}
	if got := civic.ScopesOf(&r); len(got) != 1 || got[0].Kind() != civic.ScopeDesk {
		t.Errorf("it stands in %v", got)
	}
}
