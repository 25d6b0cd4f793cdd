package civic

import (
	"encoding/json"
	"testing"
	"time"
)

// TestACaseIsRoutedOnceItHasItsPlace creates a case that nobody could place, as the
// desk's queue has them, and places it.
func TestACaseIsRoutedOnceItHasItsPlace(t *testing.T) {
	id := func(n byte) (x [16]byte) { x[15] = n; return x }
	service, area, desk, team := ServiceID(id(1)), AreaID(id(2)), DeskID(id(3)), TeamID(id(4))
	rules := &Rules{
		Services: map[ServiceID]Service{service: {ID: service, Code: "lamp", Public: PublishPlace, Desk: DeskID(id(9))}},
		Teams:    map[TeamID]Team{team: {ID: team}},
		Routes:   []Route{{Service: service, Area: area, Desk: desk, Team: team}},
		Locate:   func(Position) (AreaID, bool) { return area, true },
	}
	now := time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC)
	apply := func(r Report, n byte, kind Kind, a Actor, args string) (Report, Outcome) {
		t.Helper()
		e := Edit{ID: EditID(id(n)), Report: ReportID(id(5)), BaseRev: r.Rev, Kind: kind, Actor: a, Args: json.RawMessage(args), Minted: Minted{Code: "GE00000000"}}
		r, out, err := Apply(rules, r, e, now)
		if err != nil || out.Result.Status != Applied {
			t.Fatalf("%s: %+v, %v", kind, out.Result, err)
		}
		return r, out
	}
	r, out := apply(Report{}, 6, KindCreate, Actor{Role: RoleCitizen, Proof: ProofSecret}, `{"service":"lamp","address":"dietro la chiesa"}`)
	if len(out.Follow) != 0 || r.Desk != DeskID(id(9)) {
		t.Fatalf("without a place: %+v, desk %s", out.Follow, r.Desk)
	}
	r, out = apply(r, 7, KindSet, Actor{Role: RoleOperator, User: UserID(id(8))}, `{"field":"location","value":{"lon":8.93,"lat":44.41}}`)
	if r.Desk != desk || len(out.Follow) != 1 {
		t.Fatalf("placed: desk %s, %d edits follow", r.Desk, len(out.Follow))
	}
	r, out, err := Apply(rules, r, out.Follow[0], now)
	if err != nil || r.Team != team || r.Status != StatusAssigned {
		t.Errorf("routed: team %s, %s, %+v %v", r.Team, r.Status, out.Result, err)
	}
	if _, out := apply(r, 10, KindSet, Actor{Role: RoleOperator, User: UserID(id(8))}, `{"field":"location","value":{"lon":8.94,"lat":44.41}}`); len(out.Follow) != 0 {
		t.Error("a case that has its team is routed again")
	}
}
