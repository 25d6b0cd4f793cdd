package load

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// HotScope sends single-field edits of one team's reports from several clients:
// every one moves the same heads. Clients are operators, each with a session's
// own requests of one edit.
func HotScope(ctx context.Context, s *Site, clients, count int, service string, lon, lat float64) (*Stats, error) {
	if err := s.signIn(ctx, "operator"); err != nil {
		return nil, err
	}
	reports := make([]uuid.UUID, clients)
	for i := range reports {
		reports[i] = uuid.Must(uuid.NewV7())
		if _, err := s.post(ctx, "/api/v1/reports", "", map[string]any{
			"id": reports[i], "service": service, "title": "Carico", "lon": lon, "lat": lat,
		}, nil); err != nil {
			return nil, err
		}
	}
	return run(ctx, fmt.Sprintf("edits on one hot scope, %d clients", clients), clients, count, func(ctx context.Context, client, n int) (int64, error) {
		var out struct {
			Results []struct{ Status, Code string }
		}
		bytes, err := s.post(ctx, "/api/v1/edits", "", map[string]any{
			"id": uuid.Must(uuid.NewV7()), "report": reports[client], "base_rev": 1 << 40, "kind": "set",
			"args": map[string]any{"field": "title", "value": fmt.Sprintf("Carico %d", n)},
		}, &out)
		if err == nil && (len(out.Results) != 1 || out.Results[0].Status != "applied") {
			err = errors.New("not applied")
		}
		return bytes, err
	}), nil
}
