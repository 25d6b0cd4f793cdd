package civic_test

import (
	"slices"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestWordsWithPersonalDataWaitForAPerson follows the words of one report from each
// door until a person lets them through, corrects them or takes them away.
func TestWordsWithPersonalDataWaitForAPerson(t *testing.T) {
	town := civictest.Town("genova")
	rules := rulesOf(town)
	service, _ := rules.ServiceByName("pothole")
	operator := civictest.Actor(town, "operator")
	do := func(r civic.Report, a civic.Actor, k civic.Kind, args any) civic.Report {
		t.Helper()
		id := r.ID
		if id.IsZero() {
			id = civictest.NewID[civic.Report]()
		}
		next, out, err := civic.Apply(rules, r, civictest.Edit(a, id, r.Rev, k, args), time.Now())
		if err != nil || !out.Result.Changes() {
			t.Fatal(out.Result, err)
		}
		return next
	}
	create := map[string]any{"service": "pothole", "lon": 8.85, "lat": 44.45, "title": "Buca", "description": "Chiamatemi al 333 1234567"}
	service311 := civic.Actor{Role: civic.RoleService, Client: "fms"}
	for name, a := range map[string]civic.Actor{"web": civictest.Citizen, "call sheet": operator, "open311": service311, "import": civic.System} {
		r := do(civic.Report{}, a, civic.KindCreate, create)
		p, ok := civic.Public(&r, service, "", time.UTC)
		if !ok || p.Title != "" || p.Description != "" || !slices.Equal(r.Withheld, []string{"phone"}) {
			t.Errorf("%s: shown %t, %q %q, withheld %v", name, ok, p.Title, p.Description, r.Withheld)
		}
	}
	held := do(civic.Report{}, civictest.Citizen, civic.KindCreate, create)
	public := func(r civic.Report) string {
		p, _ := civic.Public(&r, service, "", time.UTC)
		return p.Description
	}
	if r := do(held, operator, civic.KindPublish, map[string]any{"target": "report"}); public(r) != "Chiamatemi al 333 1234567" || r.Withheld != nil {
		t.Errorf("let through: %q, %v", public(r), r.Withheld)
	}
	if r := do(held, operator, civic.KindSet, map[string]any{"field": "description", "value": "Buca larga"}); public(r) != "Buca larga" {
		t.Errorf("corrected: %q, %v", public(r), r.Withheld)
	}
	if r := do(held, operator, civic.KindSet, map[string]any{"field": "title", "value": "Buca larga"}); public(r) != "" {
		t.Errorf("another field corrected: %q", public(r))
	}
	if r := do(held, operator, civic.KindRedact, map[string]any{"target": "report"}); public(r) != "" || r.Withheld != nil || r.Description != "" {
		t.Errorf("taken away: %q, %v", r.Description, r.Withheld)
	}
	fine := do(civic.Report{}, civictest.Citizen, civic.KindCreate, map[string]any{"service": "pothole", "lon": 8.85, "lat": 44.45, "description": "Buca al 12"})
	if public(fine) != "Buca al 12" {
		t.Errorf("ordinary words: %q", public(fine))
	}
	if r := do(fine, operator, civic.KindSet, map[string]any{"field": "description", "value": "Chiama il 010 1234567"}); public(r) != "" {
		t.Error("personal data in what the office writes is shown before a look")
	}
}

// TestAWishToBeForgottenStaysWithTheOffice archives a case about which it is asked.
func TestAWishToBeForgottenStaysWithTheOffice(t *testing.T) {
	town := civictest.Town("genova")
	r := civic.Report{ID: civictest.NewID[civic.Report](), Rev: 9, Status: civic.StatusClosed, Desk: town.Desks[0].ID, Team: town.Teams[0].ID}
	r.Archived = true
	if got := civic.ScopesOf(&r); len(got) != 0 {
		t.Errorf("archived: %v", got)
	}
	r.EraseBy = time.Now()
	if got := civic.ScopesOf(&r); !slices.Equal(got, []civic.Scope{civic.ScopeOf(civic.ScopeDesk, r.Desk)}) {
		t.Errorf("archived, with a wish: %v", got)
	}
}
