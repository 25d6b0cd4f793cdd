//go:build bench

package tiles_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"segnavia/geo"
	"segnavia/tiles"
)

var zooms = []geo.Zoom{6, 10, 13, 16}

// each measurement lasts this long; a tile of the SQL grid takes up to half a
// second.
const each = 4 * time.Second

// TestSideBySide measures the live index and the SQL grid in one run: the same
// reports, tiles and client. It writes a table to results/ and fails only when
// something does not answer: figures are read by people.
func TestSideBySide(t *testing.T) {
	reports := 1_000_000
	if s := os.Getenv("SEGNAVIA_BENCH_REPORTS"); s != "" {
		if _, err := fmt.Sscan(s, &reports); err != nil {
			t.Fatal(err)
		}
	}
	c := newCountry(t, reports)
	var out bytes.Buffer
	c.describe(t, &out, reports)
	by := startClient(t)
	race := c.contenders(t)
	measured := make([]map[geo.Zoom][2]figures, len(race))
	for i, r := range race {
		measured[i] = map[geo.Zoom][2]figures{}
		for _, z := range zooms {
			var urls []string
			for _, p := range c.places(t, z) {
				urls = append(urls, r.url+"/"+p.String()+r.query)
			}
			one := by.do(t, job{URLs: urls, Clients: 1, Warm: min(len(urls), 50), For: each})
			four := by.do(t, job{URLs: urls, Clients: 4, For: each})
			measured[i][z] = [2]figures{one, four}
			t.Logf("%s, z%d: %d tiles, %+v, %+v", r.name, z, len(urls), one, four)
		}
	}
	table(&out, race, measured)
	c.firsts(t, &out)
	fmt.Fprintf(&out, "\nLoad of the machine: %s at the end.\n", load())
	path := "results/" + time.Now().Format(time.DateOnly) + "-side-by-side.md"
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s:\n%s", path, &out)
}

func (c country) describe(t *testing.T, out *bytes.Buffer, reports int) {
	t.Helper()
	var database, postgis string
	if err := c.pool.QueryRow(t.Context(), `SELECT current_setting('server_version'), postgis_lib_version()`).
		Scan(&database, &postgis); err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	libraries := ""
	for line := range strings.Lines(string(module)) {
		f := strings.Fields(line)
		if len(f) > 1 && slices.Contains([]string{"github.com/jackc/pgx/v5", "github.com/klauspost/compress"}, f[0]) {
			libraries += ", " + strings.TrimPrefix(f[0], "github.com/") + " " + f[1]
		}
	}
	fmt.Fprintf(out, "# Tiles side by side, %s\n\n%d reports; %s, %d cores; %s%s; PostgreSQL %s, PostGIS %s. Load of the machine: %s at the start.\n\n",
		time.Now().Format(time.DateOnly), reports, processor(), runtime.NumCPU(), runtime.Version(), libraries, database, postgis, load())
	fmt.Fprintf(out, "The index was read from the database in %.1f s.\n\n", c.load.Seconds())
}

func processor() string {
	b, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, "\t :\n")
		}
	}
	return runtime.GOARCH
}

func load() string {
	b, _ := os.ReadFile("/proc/loadavg")
	return strings.Join(strings.Fields(string(b))[:min(3, len(strings.Fields(string(b))))], " ")
}

// table writes p50/p99 of one client and tiles a second of four, and how many
// times the SQL grid's that is.
func table(out *bytes.Buffer, race []contender, measured []map[geo.Zoom][2]figures) {
	out.WriteString("p50/p99 in ms with one client; tiles a second with four, and how many times those of the SQL grid.\n\n| |")
	for _, z := range zooms {
		fmt.Fprintf(out, " z%d |", z)
	}
	out.WriteString("\n|---" + strings.Repeat("|---", len(zooms)) + "|\n")
	for i, r := range race {
		sql := 2
		if r.query != "" {
			sql = 5
		}
		fmt.Fprintf(out, "| %s |", r.name)
		for _, z := range zooms {
			m, base := measured[i][z], measured[sql][z]
			fmt.Fprintf(out, " %.2f/%.2f; %.0f/s", ms(m[0].P50), ms(m[0].P99), m[1].PerSecond)
			if i != sql {
				fmt.Fprintf(out, ", %.0f×", m[1].PerSecond/base[1].PerSecond)
			}
			out.WriteString(" |")
		}
		out.WriteString("\n")
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// firsts times, in process, the first tile of a filter never used before and
// the same tile again.
func (c country) firsts(t *testing.T, out *bytes.Buffer) {
	t.Helper()
	at := c.places(t, 6)[0]
	var first, again []time.Duration
	for n := range services {
		f := tiles.Filter{Services: []string{fmt.Sprint("svc-", n)}, From: 8000}
		for _, took := range []*[]time.Duration{&first, &again} {
			start := time.Now()
			c.index.Tile(at, &f, tiles.Public)
			*took = append(*took, time.Since(start))
		}
	}
	slices.Sort(first)
	slices.Sort(again)
	fmt.Fprintf(out, "\nIn process, tile %v of a service and a range of days: %.2f ms (worst %.2f) for the first tile of a filter, %.2f ms (worst %.2f) after.\n",
		at, ms(first[len(first)/2]), ms(first[len(first)-1]), ms(again[len(again)/2]), ms(again[len(again)-1]))
}
