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
// uncached, and tells the quantiles beside the mean.
func BenchmarkTenMillion(b *testing.B) {
	start := time.Now()
	x, points := tenMillion()
	load := time.Since(start)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r := rand.New(rand.NewPCG(1, 2))
	var took []time.Duration
	for b.Loop() {
		f := mustFilter(randomQuery(r))
		p := points[r.IntN(len(points))]
		c := geo.CellOf(geo.At(p), geo.Zoom(r.IntN(19)))
		start := time.Now()
		x.Tile(c, &f, Access(r.IntN(2)))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) }
	b.ReportMetric(at(0.5), "p50-us")
	b.ReportMetric(at(0.99), "p99-us")
	b.ReportMetric(float64(m.HeapAlloc)/10e6, "B/report")
	b.ReportMetric(load.Seconds(), "s/load")
}
