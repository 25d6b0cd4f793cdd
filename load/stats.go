package load

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Stats are what a run measured. Times are those of single requests.
type Stats struct {
	What  string
	Took  time.Duration
	Times []time.Duration
	Bytes int64
	Fails map[string]int
}

// Quantile is the time below which a share q of the requests stayed.
func (s *Stats) Quantile(q float64) time.Duration {
	if len(s.Times) == 0 {
		return 0
	}
	slices.Sort(s.Times)
	return s.Times[min(len(s.Times)-1, int(q*float64(len(s.Times))))]
}

// Rate is how many requests a second succeeded.
func (s *Stats) Rate() float64 { return float64(len(s.Times)) / max(s.Took.Seconds(), 1e-9) }

// Write prints one line.
func (s *Stats) Write(w io.Writer) {
	fmt.Fprintf(w, "%s: %d in %.2f s, %.0f/s, p50 %s, p95 %s, p99 %s", s.What, len(s.Times), s.Took.Seconds(), s.Rate(),
		round(s.Quantile(0.5)), round(s.Quantile(0.95)), round(s.Quantile(0.99)))
	if s.Bytes > 0 && len(s.Times) > 0 {
		fmt.Fprintf(w, ", %d B each", s.Bytes/int64(len(s.Times)))
	}
	for why, n := range s.Fails {
		fmt.Fprintf(w, ", %d %s", n, why)
	}
	fmt.Fprintln(w)
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// run calls one from several clients until count requests are made or the
// context ends. one returns how many bytes came.
func run(ctx context.Context, what string, clients, count int, one func(ctx context.Context, client, n int) (int64, error)) *Stats {
	s := &Stats{What: what, Fails: make(map[string]int)}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := 0
	started := time.Now()
	for client := range clients {
		wg.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				n := next
				next++
				mu.Unlock()
				if n >= count {
					return
				}
				begin := time.Now()
				bytes, err := one(ctx, client, n)
				took := time.Since(begin)
				mu.Lock()
				if err != nil {
					s.Fails[err.Error()]++
				} else {
					s.Times = append(s.Times, took)
					s.Bytes += bytes
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	s.Took = time.Since(started)
	return s
}
