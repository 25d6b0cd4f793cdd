package load

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
)

// Tiles fetches random cluster tiles of a zoom over a box, which tells a warm
// server's speed as a map's pages see it.
func Tiles(ctx context.Context, s *Site, zoom, clients, count int, query string, box [4]float64, seed uint64) *Stats {
	x0, y0 := tileAt(box[0], box[3], zoom)
	x1, y1 := tileAt(box[2], box[1], zoom)
	rngs := make([]*rand.Rand, clients)
	for i := range rngs {
		rngs[i] = rand.New(rand.NewPCG(seed, uint64(i))) // #nosec G404 -- load, no secret
	}
	return run(ctx, fmt.Sprintf("cluster tiles z%d, %d clients", zoom, clients), clients, count, func(ctx context.Context, client, _ int) (int64, error) {
		rng := rngs[client]
		x, y := x0+rng.IntN(x1-x0+1), y0+rng.IntN(y1-y0+1)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/tiles/reports/%d/%d/%d.mvt?%s", s.URL, zoom, x, y, query), nil)
		if err != nil {
			return 0, err
		}
		return s.do(r, nil)
	})
}

// tileAt is the tile of a place (OGC Two Dimensional Tile Matrix Set, Annex D,
// WebMercatorQuad).
func tileAt(lon, lat float64, zoom int) (x, y int) {
	n := math.Exp2(float64(zoom))
	sin := math.Sin(lat * math.Pi / 180)
	return int((lon + 180) / 360 * n), int((0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)) * n)
}
