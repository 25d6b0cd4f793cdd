package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"segnavia/civic"
	"segnavia/sync/client"
)

// seedCases gives each team so many new cases, as an operator would.
func (s *Site) seedCases(ctx context.Context, perTeam int, service string, lon, lat float64) error {
	if err := s.signIn(ctx, string(civic.RoleOperator)); err != nil {
		return err
	}
	for _, team := range s.Teams {
		for i := range perTeam {
			id := uuid.Must(uuid.NewV7())
			if _, err := s.post(ctx, "/api/v1/reports", "", map[string]any{
				"id": id, "service": service, "title": fmt.Sprintf("Carico %d", i), "lon": lon, "lat": lat,
			}, nil); err != nil {
				return err
			}
			var out struct{ Results []civic.Answer }
			if _, err := s.post(ctx, "/api/v1/edits", "", map[string]any{
				"id": uuid.Must(uuid.NewV7()), "report": id, "base_rev": 1, "kind": civic.KindAssign, "args": map[string]any{"team": team.ID},
			}, &out); err != nil {
				return err
			}
			if len(out.Results) != 1 || out.Results[0].Status == civic.Refused {
				return errors.New("a case was not assigned")
			}
		}
	}
	return nil
}

// aCase is a case of the team that a client works for, whichever.
func aCase(c *client.Client) (team civic.Scope, id civic.ReportID, rev int64, ok bool) {
	for _, s := range c.Scopes() {
		if s.Kind() == civic.ScopeTeam {
			id, row, ok := c.Any(s)
			return s, id, row.Rev, ok
		}
	}
	return "", id, 0, false
}

func anEdit(report civic.ReportID, rev int64, kind civic.Kind, args any) civic.Edit {
	raw, err := json.Marshal(args)
	if err != nil {
		panic("load: " + err.Error()) // they are all ours
	}
	return civic.Edit{
		ID: civic.EditID(uuid.Must(uuid.NewV7())), Report: report, BaseRev: rev, Kind: kind, Args: raw, At: time.Now().UTC(),
	}
}

// oneField changes the title of a case, over whatever others wrote.
func oneField(rng *rand.Rand, report civic.ReportID) civic.Edit {
	return anEdit(report, 1<<40, civic.KindSet, map[string]any{"field": civic.FieldTitle, "value": fmt.Sprintf("Carico %d", rng.Uint32())})
}

// toTeam moves a case to the team of a scope.
func toTeam(report civic.ReportID, rev int64, team civic.Scope) civic.Edit {
	return anEdit(report, rev, civic.KindAssign, civic.AssignArgs{Team: civic.TeamID(team.ID())})
}

// aNote is work of a day without a network: it never conflicts.
func aNote(rng *rand.Rand, report civic.ReportID, rev int64) civic.Edit {
	return anEdit(report, rev, civic.KindNote, civic.TextArgs{Text: fmt.Sprintf("carico %d", rng.Uint32())})
}
