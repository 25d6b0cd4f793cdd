package demo

import (
	"slices"

	"segnavia/civic"
)

// answerer is somebody at a desk; the first operator answers everywhere.
func (t *teller) answerer(desk civic.DeskID, n int) civic.Actor {
	var fitting []civic.Actor
	for _, u := range t.b.Users {
		if u.Role == civic.RoleOperator && slices.Contains(u.Desks, desk) {
			fitting = append(fitting, civic.Actor{Role: u.Role, User: u.ID, Desks: u.Desks})
		}
	}
	if len(fitting) == 0 {
		return civic.System
	}
	return fitting[n%len(fitting)]
}

// worker is somebody of a team.
func (t *teller) workerOf(team civic.TeamID) (civic.Actor, bool) {
	for _, u := range t.b.Users {
		if (u.Role == civic.RoleCrew || u.Role == civic.RoleContractor) && slices.Contains(u.Teams, team) {
			return civic.Actor{Role: u.Role, User: u.ID, Teams: u.Teams}, true
		}
	}
	return civic.Actor{}, false
}

// named is how the town calls a team or, without one, a desk.
func (t *teller) named(team civic.TeamID, desk civic.DeskID) string {
	for _, x := range t.b.Teams {
		if x.ID == team {
			return x.Name
		}
	}
	for _, d := range t.b.Desks {
		if d.ID == desk {
			return d.Name
		}
	}
	return t.b.Name
}
