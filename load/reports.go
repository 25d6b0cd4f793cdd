package load

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"
)

// Reports sends single reports, each durable before its answer, from several
// clients signed in as an operator.
func Reports(ctx context.Context, s *Site, clients, count int, seed uint64) (*Stats, error) {
	if err := s.signIn(ctx, "operator"); err != nil {
		return nil, err
	}
	rngs := make([]*rand.Rand, clients)
	for i := range rngs {
		rngs[i] = rand.New(rand.NewPCG(seed, uint64(i))) // #nosec G404 -- load, no secret
	}
	return run(ctx, fmt.Sprintf("reports, %d clients", clients), clients, count, func(ctx context.Context, client, n int) (int64, error) {
		rng := rngs[client]
		return s.post(ctx, "/api/v1/reports", "", map[string]any{
			"id": uuid.Must(uuid.NewV7()), "service": s.Services[rng.IntN(len(s.Services))].Code, "channel": "phone",
			"title": fmt.Sprintf("Carico %d", n), "description": "Segnalazione di prova",
			"lon": 8.85 + 0.1*rng.Float64(), "lat": 44.405 + 0.03*rng.Float64(),
		}, nil)
	}), nil
}
