package tiles

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"segnavia/geo"
)

// BenchmarkTenMillion draws random tiles of random zooms with random filters,
// uncached, and tells the quantiles beside the mean: of the first tile drawn with
// a filter, which fills what is kept for the filter, and of the same tile again.
func BenchmarkTenMillion(b *testing.B) {
	start := time.Now()
	x, points := tenMillion()
	load := time.Since(start)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r := rand.New(rand.NewPCG(1, 2))
	var first, again []time.Duration
	for b.Loop() {
		f := mustFilter(randomQuery(r))
		p := points[r.IntN(len(points))]
		c := geo.CellOf(geo.At(p), geo.Zoom(r.IntN(19)))
		a := Access(r.IntN(2))
		for _, took := range []*[]time.Duration{&first, &again} {
			start := time.Now()
			x.Tile(c, &f, a)
			*took = append(*took, time.Since(start))
		}
	}
	slices.Sort(first)
	slices.Sort(again)
	at := func(took []time.Duration, q float64) float64 {
		return float64(took[int(q*float64(len(took)-1))].Microseconds())
	}
	b.ReportMetric(at(first, 0.5), "p50-first-us")
	b.ReportMetric(at(first, 0.99), "p99-first-us")
	b.ReportMetric(at(again, 0.5), "p50-again-us")
	b.ReportMetric(at(again, 0.99), "p99-again-us")
	b.ReportMetric(float64(m.HeapAlloc)/10e6, "B/report")
	b.ReportMetric(load.Seconds(), "s/load")
}
