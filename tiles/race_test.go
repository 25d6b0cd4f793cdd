//nolint:bodyclose // a recorder's answers hold nothing
package tiles

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"segnavia/geo"
)

// Batches move pairs of reports, so each zoom always counts the same: a torn
// tile would count one of a pair twice or not at all.
func TestReadersSeeWholeBatches(t *testing.T) {
	rows := genoa(400)
	for i := range rows {
		rows[i].Point = orb.Point{8.93 + 0.02*rand.New(rand.NewPCG(uint64(i), 1)).Float64(), 44.41}
		rows[i].Visible = true
	}
	x := loaded(rows)
	s, town := NewServer(1<<16, time.Now), &Town{Index: x}
	stop := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		defer close(stop)
		r := rand.New(rand.NewPCG(1, 1))
		for rev := int64(2); rev < 300; rev++ {
			var batch []Change
			for range 10 {
				row := rows[r.IntN(len(rows))]
				row.Rev, row.Service = rev, word('s', 20+r.IntN(50))
				row.Point = orb.Point{8.93 + 0.02*r.Float64(), 44.41}
				batch = append(batch, row.leave(rev), enter(row))
			}
			if err := x.Apply(batch); err != nil {
				t.Error(err)
			}
		}
	})
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				for _, z := range []geo.Zoom{3, 8} {
					if n := total(decode(t, x.Tile(cellAt(z), &Filter{}, Public))); n != len(rows) {
						t.Errorf("zoom %d counts %d", z, n)
						return
					}
				}
				get(t, s, town, Public, cellAt(13), "?status=open")
			}
		})
	}
	group.Wait()
}
