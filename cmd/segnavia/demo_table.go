package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"segnavia/civic"
)

// serveTable shows somebody's own table instead of Genova: its town, its cases,
// and people of each role who do not exist.
func (c *demoCmd) serveTable(ctx context.Context, s *stores, listener net.Listener, log *slog.Logger, started time.Time, fill bool) error {
	from := importCmd{Map: c.Map, File: c.From}
	mapping, err := from.mapping()
	if err != nil {
		return err
	}
	areas, _, err := from.areas(ctx, s, mapping)
	if err != nil {
		return err
	}
	read, err := from.table(ctx, s, mapping, areas)
	if err != nil {
		return err
	}
	survey, err := read.Look()
	if err != nil {
		return err
	}
	town := mapping.Blueprint(survey, areas)
	town.Users = people(town)
	if fill {
		if err := s.db.SaveTown(ctx, town); err != nil {
			return err
		}
		told, err := from.tell(ctx, s, read, mapping, town, survey.Rows)
		if err != nil {
			return fmt.Errorf("demonstration town: %w", err)
		}
		if err := s.db.DemoBuilt(ctx); err != nil {
			return err
		}
		log.InfoContext(ctx, "cases told", "new", told.New, "skipped", survey.Left, "refused", len(told.Refused))
	}
	n, err := newNode(s, c.listening, listener, log)
	if err != nil {
		return err
	}
	return n.run(ctx, func() error { return c.announce(ctx, s, town, n.url, started) })
}

// people are somebody of each role for a town that names none: an operator of all
// desks, a crew of the first team.
func people(town *civic.Blueprint) []civic.User {
	var desks []civic.DeskID
	for _, d := range town.Desks {
		desks = append(desks, d.ID)
	}
	var teams []civic.TeamID
	for _, t := range town.Teams {
		teams = append(teams, t.ID)
	}
	first := teams[:min(1, len(teams))]
	person := func(login string, role civic.Role, desks []civic.DeskID, teams []civic.TeamID) civic.User {
		return civic.User{
			ID: civic.DeriveID[civic.User](town.ID, "user:"+login), Login: login, Display: login, Role: role, Desks: desks, Teams: teams,
		}
	}
	return []civic.User{
		person("operator", civic.RoleOperator, desks, nil), person("foreman", civic.RoleForeman, desks, teams[:min(10, len(teams))]),
		person("crew", civic.RoleCrew, nil, first), person("planner", civic.RolePlanner, nil, nil),
		person("viewer", civic.RoleViewer, nil, nil), person("admin", civic.RoleAdmin, desks, nil),
	}
}
