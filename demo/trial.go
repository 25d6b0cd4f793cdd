package demo

import (
	"fmt"

	"segnavia/civic"
)

// WithCrews adds n further crews of one person each to a town, for trials of
// load: teams that no route sends anything to, whose people sign in as prova1,
// prova2 and so on.
func WithCrews(b *civic.Blueprint, n int) {
	for i := range n {
		login, name := fmt.Sprintf("prova%d", i+1), fmt.Sprintf("Squadra di prova %d", i+1)
		team := civic.Team{ID: id[civic.Team](b, "trial:"+login), Name: name, Kind: "crew"}
		b.Teams = append(b.Teams, team)
		b.Users = append(b.Users, civic.User{
			ID: id[civic.User](b, login), Login: login, Display: name, Role: civic.RoleCrew, Teams: []civic.TeamID{team.ID},
		})
	}
}
