package tiles

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"segnavia/geo"
)

// countryRow draws a report in one of 500 towns of a country of 10° × 10°, their
// sizes skewed, their reports crowded in the middle.
func countryRow(r *rand.Rand, n int) Row {
	town := uint32(500 * r.Float64() * r.Float64() * r.Float64())
	lon := 7 + float64(town*2654435761%10000)/1000
	lat := 37 + float64(town*2246822519%10000)/1000
	row := Row{
		Area: word('a', r.IntN(10)), Rev: 1,
		Body: Body{
			Code: "GE00000000", Service: word('s', r.IntN(40)), Team: word('t', r.IntN(30)),
			Status: "closed", Channel: channels()[r.IntN(6)], Visible: r.IntN(20) > 0,
			Created: time.Unix(1600000000+r.Int64N(150000000), 0),
			Point:   orb.Point{lon + r.NormFloat64()*0.05, lat + r.NormFloat64()*0.04},
		},
	}
	if r.IntN(10) == 0 {
		row.Status = statuses()[r.IntN(9)]
	}
	binary.BigEndian.PutUint64(row.ID[:], uint64(n)<<16|r.Uint64()&0xffff)
	binary.BigEndian.PutUint64(row.ID[8:], r.Uint64())
	return row
}

var (
	country    = sync.OnceValues(func() (*Index, []orb.Point) { return nation(1_000_000) })
	tenMillion = sync.OnceValues(func() (*Index, []orb.Point) { return nation(10_000_000) })
)

func nation(reports int) (*Index, []orb.Point) {
	r := rand.New(rand.NewPCG(1, 2))
	x := NewIndex()
	points := make([]orb.Point, 0, 2000)
	var services []Service
	for n := range 40 {
		services = append(services, Service{word('s', n), fmt.Sprintf("svc-%d", n), fmt.Sprint("group ", n%11)})
	}
	x.Describe(services)
	_ = x.Load(func(yield func(Row, error) bool) {
		for n := range reports {
			row := countryRow(r, n)
			if n%(reports/2000) == 0 {
				points = append(points, row.Point)
			}
			if !yield(row, nil) {
				return
			}
		}
	})
	return x, points
}

// tilesAt returns at most 500 tiles of a zoom that hold reports.
func tilesAt(points []orb.Point, z geo.Zoom) []geo.Cell {
	var out []geo.Cell
	seen := map[geo.Cell]bool{}
	for _, p := range points {
		if c := geo.CellOf(geo.At(p), z); !seen[c] && len(out) < 500 {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}

func BenchmarkTile(b *testing.B) {
	x, points := country()
	for _, f := range []struct {
		name string
		Filter
	}{
		{"all", Filter{}},
		{"status=open", Filter{States: geo.OpenStates}},
		{"service=svc-7", Filter{Services: []string{"svc-7"}}},
		{"team,from", Filter{Teams: []string{word('t', 3).String()}, From: 8000}},
	} {
		for _, z := range []geo.Zoom{6, 10, 13, 16} {
			b.Run(fmt.Sprintf("%s/z=%d", f.name, z), func(b *testing.B) {
				cells := tilesAt(points, z)
				b.ReportAllocs()
				n, bytes := 0, 0
				for b.Loop() {
					bytes += len(x.Tile(cells[n%len(cells)], &f.Filter, Public))
					n++
				}
				b.ReportMetric(float64(bytes)/float64(n), "B/tile")
			})
		}
	}
}

func BenchmarkApplyBesideReaders(b *testing.B) {
	x, points := country()
	cells := tilesAt(points, 13)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	tiles := 0
	readers.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				x.Tile(cells[n%len(cells)], &Filter{}, Public)
				tiles++
			}
		}
	})
	r := rand.New(rand.NewPCG(7, 8))
	const size = 100
	batch := make([]Change, size)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		b.StopTimer()
		for i := range batch {
			batch[i] = enter(countryRow(r, 1<<40+n))
			n++
		}
		b.StartTimer()
		if err := x.Apply(batch); err != nil {
			b.Fatal(err)
		}
	}
	close(stop)
	readers.Wait()
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "changes/s")
	b.ReportMetric(float64(tiles)/b.Elapsed().Seconds(), "tiles/s")
}

// enter is the op that brings a row into its area.
func enter(r Row) Change {
	spot := r.Spot
	if spot == (orb.Point{}) {
		spot = r.Point
	}
	body := fmt.Sprintf(`{"code":%q,"service":%q,"status":%q,"priority":"normal","channel":%q,`+
		`"created":%q,"lon":%v,"lat":%v,"spot":[%v,%v],"visible":%v`, r.Code, r.Service, r.Status, r.Channel,
		r.Created.UTC().Format(time.RFC3339), r.Point[0], r.Point[1], spot[0], spot[1], r.Visible)
	if r.Team != uuid.Nil {
		body += fmt.Sprintf(`,"team":%q`, r.Team)
	}
	return Change{Area: r.Area, Kind: Enter, ID: r.ID, Rev: r.Rev, Body: []byte(body + "}")}
}

// nobody is a client that throws answers away.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) Write(b []byte) (int, error) { return len(b), nil }
func (n *nobody) WriteHeader(int)             {}

func BenchmarkServeTile(b *testing.B) {
	x, points := country()
	town := &Town{Index: x}
	for _, mode := range []struct {
		name  string
		cache int
	}{{"drawn", 0}, {"cached", 64 << 20}} {
		for _, z := range []geo.Zoom{6, 10, 13, 16} {
			b.Run(fmt.Sprintf("%s/z=%d", mode.name, z), func(b *testing.B) {
				s := NewServer(mode.cache, time.Now)
				cells := tilesAt(points, z)
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.Header.Set("Accept-Encoding", "gzip")
				w := &nobody{http.Header{}}
				for _, c := range cells {
					_ = s.ServeTile(w, r, town, Public, c)
				}
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					_ = s.ServeTile(w, r, town, Public, cells[n%len(cells)])
					n++
				}
			})
		}
	}
}

func BenchmarkNotModified(b *testing.B) {
	x, points := country()
	town, s := &Town{Index: x}, NewServer(0, time.Now)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := &nobody{http.Header{}}
	c := tilesAt(points, 13)[0]
	_ = s.ServeTile(w, r, town, Public, c)
	r.Header.Set("If-None-Match", w.header.Get("Etag"))
	b.ReportAllocs()
	for b.Loop() {
		_ = s.ServeTile(w, r, town, Public, c)
	}
}

// BenchmarkOverHTTP has client and server on the same cores.
func BenchmarkOverHTTP(b *testing.B) {
	x, points := country()
	town, s := &Town{Index: x}, NewServer(64<<20, time.Now)
	cells := tilesAt(points, 13)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Path[1:])
		_ = s.ServeTile(w, r, town, Public, cells[n%len(cells)])
	}))
	defer srv.Close()
	srv.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = 16
	b.SetParallelism(2)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			resp, err := srv.Client().Get(srv.URL + "/" + strconv.Itoa(n))
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tiles/s")
}
