package tiles

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// word makes the id of the n-th thing of a kind.
func word(kind byte, n int) uuid.UUID {
	var id uuid.UUID
	id[0], id[6], id[8] = kind, 0x70, 0x80
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	return id
}

func someServices() []Service {
	var out []Service
	for n := range 20 {
		out = append(out, Service{word('s', n), fmt.Sprintf("svc-%d", n), fmt.Sprintf("group, %d", n%4)})
	}
	return out
}

// randomRow draws a report near place, or anywhere, or where tiles meet.
func randomRow(r *rand.Rand, n int, place orb.Point, spread float64) Row {
	row := Row{
		Area: word('a', r.IntN(3)), ID: word('r', n), Rev: 1,
		Body: Body{
			Code: fmt.Sprintf("GE%08d", n), Service: word('s', r.IntN(20)),
			Status: statuses()[r.IntN(9)], Channel: channels()[r.IntN(7)],
			Created: time.Date(2020, 1, 1, 0, 0, r.IntN(200_000_000), 0, time.UTC),
			Visible: r.IntN(6) > 0,
			Point:   orb.Point{place[0] + r.NormFloat64()*spread, place[1] + r.NormFloat64()*spread},
		},
	}
	if r.IntN(3) > 0 {
		row.Team = word('t', r.IntN(5))
	}
	switch r.IntN(20) {
	case 0:
		edges := []float64{-180, 180, 0, -90, 90, 45}
		row.Point = orb.Point{edges[r.IntN(6)], place[1]}
	case 1:
		edges := []float64{-85.05112878, 85.05112878, 0, 85.06, -90}
		row.Point = orb.Point{place[0], edges[r.IntN(5)]}
	case 2:
		row.Point = orb.Point{r.Float64()*360 - 180, r.Float64()*170 - 85}
	case 3:
		row.Point = place
	}
	return row
}

func loaded(rows []Row) *Index {
	x := NewIndex()
	x.Describe(someServices())
	if err := x.Load(func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}); err != nil {
		panic(err)
	}
	return x
}
