// Package civictest is a small town for tests: two areas side by side, two
// crews and a contractor, one desk, one person of each role. It holds values
// only.
package civictest

import (
	"encoding/json"
	"fmt"

	"segnavia/civic"
)

// Town is a blueprint whose ids all derive from its slug, so that two towns of
// one test never share one. The areas are the squares lon 8.8–8.9 (West) and
// 8.9–9.0 (East), lat 44.4–44.5.
func Town(slug string) *civic.Blueprint {
	j := civic.DeriveID[civic.Jurisdiction](civic.ID[civic.Jurisdiction]{}, slug)
	b := &civic.Blueprint{
		Jurisdiction: civic.Jurisdiction{
			ID: j, Name: "Town " + slug, Slug: slug, Prefix: "TT", Locale: "it", Zone: "Europe/Rome",
		},
		Calendar: civic.Calendar{Zone: "Europe/Rome", Patron: "06-24"},
		Areas: []civic.ShapedArea{
			{Area: civic.Area{ID: ID[civic.Area](j, "west"), Name: "West"}, Shape: square(8.8)},
			{Area: civic.Area{ID: ID[civic.Area](j, "east"), Name: "East"}, Shape: square(8.9)},
			{Area: civic.Area{ID: ID[civic.Area](j, "outside"), Name: "Outside", Outside: true}},
		},
		Desks: []civic.Desk{{ID: ID[civic.Desk](j, "urp"), Name: "URP"}},
		Teams: []civic.Team{
			{ID: ID[civic.Team](j, "roads"), Name: "Roads", Kind: "crew"},
			{ID: ID[civic.Team](j, "green"), Name: "Green", Kind: "crew"},
			{ID: ID[civic.Team](j, "lamps"), Name: "Lamps Ltd", Kind: "contractor"},
		},
	}
	for day := 1; day <= 5; day++ {
		b.Calendar.Week[day] = []civic.Hours{{From: 8 * 60, To: 17 * 60}}
	}
	b.Services = services(j)
	b.Routes = []civic.Route{{
		Service: ID[civic.Service](j, "pothole"), Desk: ID[civic.Desk](j, "urp"), Team: ID[civic.Team](j, "roads"),
	}}
	b.Users = users(j)
	return b
}

// ID is the id of a thing of the town, by its short name.
func ID[T any](j civic.JurisdictionID, name string) civic.ID[T] {
	return civic.DeriveID[T](j, name)
}

func services(j civic.JurisdictionID) []civic.Service {
	desk := ID[civic.Desk](j, "urp")
	return []civic.Service{
		{
			ID: ID[civic.Service](j, "pothole"), Code: "pothole", Name: "Buca in strada", Group: "Strade e segnaletica",
			Kind: "issue", Public: civic.PublishPhotos, Contact: "optional", FirstReplyMinutes: 480, ResolutionDays: 10, Desk: desk,
		},
		{
			ID: ID[civic.Service](j, "tree"), Code: "tree", Name: "Albero", Group: "Parchi e verde",
			Kind: "issue", Public: civic.PublishPlace, Contact: "optional", Desk: desk,
			Checklist: []civic.ChecklistEntry{{Item: "helmet", Name: "Casco", Blocks: true}},
		},
		{
			ID: ID[civic.Service](j, "distress"), Code: "distress", Name: "Disagio", Group: "Ordine pubblico",
			Kind: "issue", Public: civic.PublishNever, Contact: "optional", Desk: desk,
		},
	}
}

func users(j civic.JurisdictionID) []civic.User {
	desk := []civic.DeskID{ID[civic.Desk](j, "urp")}
	person := func(login string, role civic.Role, teams ...string) civic.User {
		u := civic.User{ID: ID[civic.User](j, login), Login: login, Display: login, Role: role}
		for _, t := range teams {
			u.Teams = append(u.Teams, ID[civic.Team](j, t))
		}
		return u
	}
	list := []civic.User{
		person("operator", civic.RoleOperator), person("foreman", civic.RoleForeman, "roads", "green"),
		person("crew", civic.RoleCrew, "roads"), person("crew2", civic.RoleCrew, "green"),
		person("contractor", civic.RoleContractor, "lamps"), person("planner", civic.RolePlanner),
		person("viewer", civic.RoleViewer), person("admin", civic.RoleAdmin),
	}
	for i := range list {
		if list[i].Role == civic.RoleOperator || list[i].Role == civic.RoleForeman || list[i].Role == civic.RoleAdmin {
			list[i].Desks = desk
		}
	}
	return list
}

func square(west float64) []byte {
	return fmt.Appendf(nil, `{"type":"Polygon","coordinates":[[[%[1]g,44.4],[%[2]g,44.4],[%[2]g,44.5],[%[1]g,44.5],[%[1]g,44.4]]]}`,
		west, west+0.1)
}

// Actor is a person of the town, by login.
func Actor(b *civic.Blueprint, login string) civic.Actor {
	for _, u := range b.Users {
		if u.Login == login {
			return civic.Actor{Role: u.Role, User: u.ID, Teams: u.Teams}
		}
	}
	panic("no user " + login)
}

// Citizen is anybody, with the report's secret in hand.
var Citizen = civic.Actor{Role: civic.RoleCitizen, Proof: civic.ProofSecret}

// Edit makes an edit with a fresh random id.
func Edit(a civic.Actor, report civic.ReportID, base int64, kind civic.Kind, args any) civic.Edit {
	raw, err := json.Marshal(args)
	if err != nil {
		panic(err)
	}
	return civic.Edit{ID: NewID[civic.Edit](), Report: report, BaseRev: base, Kind: kind, Args: raw, Actor: a}
}
