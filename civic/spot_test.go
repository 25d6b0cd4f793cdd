package civic_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"segnavia/civic"
	"segnavia/civic/civictest"
)

// TestThePublicIsToldTheStreetAndNotTheDoor walks a case through its places.
func TestThePublicIsToldTheStreetAndNotTheDoor(t *testing.T) {
	town := civictest.Town("genova")
	rules := rulesOf(town)
	id := civictest.NewID[civic.Report]()
	create := civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate,
		map[string]any{"service": "pothole", "lon": 8.8512345, "lat": 44.4512345, "address": "da Mario Rossi, Via Balbi 12"})
	create.Minted.Spot = &civic.Spot{Position: civic.Position{Lon: 8.8513, Lat: 44.4514}, Street: "Via Balbi"}
	r, _, err := civic.Apply(rules, civic.Report{}, create, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	service, _ := rules.ServiceByName("pothole")
	p, ok := civic.Public(&r, service, "", time.UTC)
	if !ok || p.Lon != 8.8513 || p.Lat != 44.4514 || p.Address != "Via Balbi" {
		t.Errorf("the public is told %v %v %q (%t)", p.Lon, p.Lat, p.Address, ok)
	}
	if r.Lon != 8.8512345 || r.Lat != 44.4512345 {
		t.Errorf("the office is told %v %v", r.Lon, r.Lat)
	}
	area := string(civic.Project(civic.ScopeArea, &r))
	if !strings.Contains(area, `"spot":[8.8513,44.4514]`) {
		t.Errorf("the map is made of %s", area)
	}

	move := civictest.Edit(civictest.Actor(town, "operator"), id, r.Rev, civic.KindSet,
		map[string]any{"field": "location", "value": map[string]float64{"lon": 8.861234, "lat": 44.461234}})
	if r, _, err = civic.Apply(rules, r, move, time.Now()); err != nil {
		t.Fatal(err)
	}
	if p, _ = civic.Public(&r, service, "", time.UTC); p.Lon != 8.8612 || p.Lat != 44.4612 || p.Address == "Via Balbi" && r.Spot != nil {
		t.Errorf("where no street is near: %v %v %q", p.Lon, p.Lat, p.Address)
	}

	again := civic.ClockEdit(civic.TownKey{}, id, r.Rev, civic.KindExpire, civic.ExpireArgs{What: "spot"})
	again.Minted.Spot = &civic.Spot{Position: civic.Position{Lon: 8.8613, Lat: 44.4612}, Street: "Via Prè"}
	rev := r.Rev
	if r, _, err = civic.Apply(rules, r, again, time.Now()); err != nil || r.Rev != rev+1 || r.PublicSpot().Street != "Via Prè" {
		t.Errorf("new streets: rev %d, %v, %v", r.Rev, r.Spot, err)
	}
	if r, _, err = civic.Apply(rules, r, again, time.Now()); err != nil || r.Rev != rev+1 {
		t.Errorf("the same streets again: rev %d, %v", r.Rev, err)
	}
}

// An address that is corrected names the street anew; one that is only proposed does not.
func TestACorrectedAddressNamesItsStreet(t *testing.T) {
	town := civictest.Town("genova")
	rules := rulesOf(town)
	id := civictest.NewID[civic.Report]()
	create := civictest.Edit(civictest.Citizen, id, 0, civic.KindCreate,
		map[string]any{"service": "pothole", "lon": 8.851, "lat": 44.451, "address": "Via Balbi 12"})
	balbi := civic.Spot{Position: civic.Position{Lon: 8.8513, Lat: 44.4514}, Street: "Via Balbi"}
	pre := civic.Spot{Position: civic.Position{Lon: 8.8512, Lat: 44.4511}, Street: "Via Prè"}
	create.Minted.Spot = &balbi
	r, _, err := civic.Apply(rules, civic.Report{}, create, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.Team, r.Status = civictest.Actor(town, "crew").Teams[0], civic.StatusAssigned
	set := func(who, address string, spot civic.Spot) civic.Result {
		t.Helper()
		e := civictest.Edit(civictest.Actor(town, who), id, r.Rev, civic.KindSet, map[string]any{"field": "address", "value": address})
		if said, ok := e.Readdressed(); !ok || said != address {
			t.Errorf("the edit says %q, %t", said, ok)
		}
		e.Minted.Spot = &spot
		var out civic.Outcome
		if r, out, err = civic.Apply(rules, r, e, time.Now()); err != nil {
			t.Fatal(err)
		}
		return out.Result
	}
	if got := set("crew", "Via Prè 3", pre); got.Status != civic.Conflicting || *r.Spot != balbi {
		t.Errorf("a proposal: %s, %v", got.Status, r.Spot)
	}
	if got := set("operator", "Via Balbi 12", pre); got.Status == civic.Refused || *r.Spot != balbi {
		t.Errorf("the same address: %s, %v", got.Status, r.Spot)
	}
	if got := set("operator", "Via Prè 3", pre); got.Status != civic.Applied || *r.Spot != pre || r.PublicSpot().Street != "Via Prè" {
		t.Errorf("a correction: %s, %v", got.Status, r.Spot)
	}
	moved := civictest.Edit(civictest.Actor(town, "operator"), id, r.Rev, civic.KindSet, map[string]any{"field": "title", "value": "Via Prè"})
	if _, ok := moved.Readdressed(); ok {
		t.Error("a title names a street")
	}
}

func TestOnlyEditsThatPlaceHaveAPlace(t *testing.T) {
	for args, want := range map[string]bool{
		`create {"lon":8.9,"lat":44.4}`:                                    true,
		`create {"lon":8.9}`:                                               false,
		`create {"lon":1e999,"lat":44.4}`:                                  false,
		`create {"lon":200,"lat":44.4}`:                                    false,
		`set {"field":"location","value":{"lon":8.9,"lat":44.4}}`:          true,
		`set {"field":"title","value":{"lon":8.9,"lat":44.4}}`:             false,
		`set {"field":"location","value":null}`:                            false,
		`note {"lon":8.9,"lat":44.4}`:                                      false,
		`create {"lon":"8.9","lat":"44.4"}`:                                false,
		`set {"field":"location","value":"x","lon":8.9,"lat":44.4}`:        false,
		`set {"field":"location","value":{"lon":null},"lon":8,"lat":44.4}`: false,
	} {
		kind, raw, _ := strings.Cut(args, " ")
		e := civic.Edit{Kind: civic.Kind(kind), Args: json.RawMessage(raw)}
		if _, ok := e.Place(); ok != want {
			t.Errorf("%s: %t", args, ok)
		}
	}
}
