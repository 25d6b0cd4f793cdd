package geo

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// country draws a report in one of 500 towns of a country of 10° × 10°: the
// towns' sizes follow a power law, their reports crowd the centre.
func country(r *rand.Rand, n uint64) Entry {
	var id ID
	binary.BigEndian.PutUint64(id[:], n<<16|r.Uint64()&0xffff)
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	town := uint32(500 * r.Float64() * r.Float64() * r.Float64())
	const degree = (1 << 32) / 360
	x := 2272000000 + town*2654435761%(10*degree) + uint32(int32(r.NormFloat64()*0.05*degree))
	y := 1540000000 + town*2246822519%(10*degree) + uint32(int32(r.NormFloat64()*0.05*degree))
	created := Instant(700000000 + r.Uint32N(150000000))
	state := State(r.IntN(StateCount))
	if r.IntN(10) > 0 {
		state = Closed
	}
	return Entry{
		ID: id, Key: Position{x, y}.Key(), Code: r.Uint32N(1e8), Created: created, Rev: 1,
		Attributes: Pack(state, r.IntN(20) > 0, Channel(r.IntN(6)), Service(1+r.IntN(40)),
			Team(r.IntN(30)), Area(r.IntN(10)), created.Day()),
	}
}

func built(n int) *Index {
	r := rand.New(rand.NewPCG(1, 2))
	var b Builder
	for i := range n {
		b.Add(country(r, uint64(i)))
	}
	return b.Index()
}

func BenchmarkInsert(b *testing.B) {
	x := built(1_000_000)
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range []int{1, 100} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			b.ReportAllocs()
			n := uint64(1 << 30)
			for b.Loop() {
				x.Update(func(tx *Tx) {
					for range size {
						n++
						tx.Put(country(r, n))
					}
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/change")
		})
	}
}

func BenchmarkPatch(b *testing.B) {
	x := built(1_000_000)
	ids := make([]ID, 0, 1_000_000)
	q := (&Filter{}).Query()
	at := x.Snapshot().Cursor()
	at.Each(^Key(0), &q, func(e Entry) bool { ids = append(ids, e.ID); return true })
	r := rand.New(rand.NewPCG(3, 4))
	b.ReportAllocs()
	for b.Loop() {
		id := ids[r.IntN(len(ids))]
		x.Update(func(tx *Tx) {
			e, _ := tx.Get(id)
			e.Rev++
			e.Attributes ^= 1
			tx.Put(e)
		})
	}
}

func BenchmarkTallyOfACell(b *testing.B) {
	s := built(1_000_000).Snapshot()
	q := (&Filter{Public: true}).Query()
	for _, z := range []Zoom{6, 10, 14} {
		b.Run(fmt.Sprintf("z=%d", z), func(b *testing.B) {
			r := rand.New(rand.NewPCG(5, 6))
			b.ReportAllocs()
			for b.Loop() {
				e := country(r, 1)
				s.Tally(CellOf(e.Key.Position(), z), &q)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("reports=%d", n), func(b *testing.B) {
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				start := time.Now()
				x := built(n)
				b.ReportMetric(time.Since(start).Seconds(), "s/build")
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/report")
				runtime.KeepAlive(x)
			}
		})
	}
}
