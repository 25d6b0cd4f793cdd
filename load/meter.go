package load

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// usage is what the program says that it uses, read from its figures.
type usage struct {
	heap, stack float64 // bytes in use of Go's heap and stacks
	resident    float64 // bytes that the machine gave the process
	cpu         float64 // seconds
	goroutines  float64
	sockets     float64
	mismatches  float64
}

// program is the memory that the program itself uses, in bytes.
func (u usage) program() float64 { return u.heap + u.stack }

// least takes the smaller memory of two readings.
func (u usage) least(o usage) usage {
	u.heap, u.stack, u.resident = min(u.heap, o.heap), min(u.stack, o.stack), min(u.resident, o.resident)
	u.goroutines = min(u.goroutines, o.goroutines)
	return u
}

// usage reads the program's figures. The heap is what is in use, what waits for
// the collector included.
func (s *Site) usage(ctx context.Context) (u usage, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/metrics", nil)
	if err != nil {
		return u, err
	}
	r.Header.Set("Authorization", "Bearer "+s.MetricsToken)
	answer, err := s.client.Do(r)
	if err != nil {
		return u, err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	wanted := map[string]*float64{
		"go_memstats_heap_inuse_bytes": &u.heap, "go_memstats_stack_inuse_bytes": &u.stack,
		"process_resident_memory_bytes": &u.resident, "process_cpu_seconds_total": &u.cpu, "go_goroutines": &u.goroutines,
		"segnavia_sync_sockets": &u.sockets, "segnavia_sync_mismatches_total": &u.mismatches,
	}
	found := 0
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if at := wanted[name]; ok && at != nil {
			if *at, err = strconv.ParseFloat(value, 64); err != nil {
				return u, err
			}
			found++
		}
	}
	if found != len(wanted) {
		return u, errors.New("figures are missing at /metrics")
	}
	return u, lines.Err()
}
