package geo

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// randomEntry draws reports that crowd a few places, so that cells and chunks fill.
func randomEntry(r *rand.Rand, n uint64) Entry {
	var id ID
	binary.BigEndian.PutUint64(id[:], r.Uint64()%64)
	binary.BigEndian.PutUint64(id[8:], n)
	p := Position{r.Uint32(), r.Uint32()}
	if r.IntN(4) > 0 {
		p = Position{1<<31 + r.Uint32N(1<<20), 1<<31 - r.Uint32N(1<<20)}
	}
	if r.IntN(8) == 0 {
		p = Position{12345, 54321}
	}
	created := Instant(r.Uint32N(2000) * 86400)
	return Entry{
		ID: id, Key: p.Key(), Code: uint32(n), Created: created, Rev: 1 + r.Uint32N(9),
		Attributes: Pack(State(r.IntN(StateCount)), r.IntN(5) > 0, Channel(r.IntN(6)),
			Service(r.IntN(30)), Team(r.IntN(10)), Area(r.IntN(4)), created.Day()),
	}
}

func randomFilter(r *rand.Rand) Filter {
	f := Filter{Public: r.IntN(2) == 0}
	switch r.IntN(5) {
	case 0:
		f.States = OpenStates
	case 1:
		f.States = ClosedStates
	case 2:
		f.States = uint16(r.Uint32N(1 << StateCount))
	}
	if r.IntN(4) == 0 {
		f.Channels = uint16(r.Uint32N(1 << 6))
	}
	if r.IntN(4) == 0 {
		f.Services = new(Set)
		for range 3 {
			f.Services.Add(uint16(r.IntN(30)))
		}
	}
	if r.IntN(4) == 0 {
		f.Teams = new(Set)
		f.Teams.Add(uint16(r.IntN(10)))
	}
	if r.IntN(4) == 0 {
		f.Area = Area(r.IntN(4))
	}
	if r.IntN(4) == 0 {
		f.From, f.To = Day(r.IntN(2000)), Day(r.IntN(2000))
	}
	return f
}

func randomCell(r *rand.Rand) Cell {
	p := Position{1<<31 + r.Uint32N(1<<20), 1<<31 - r.Uint32N(1<<20)}
	if r.IntN(3) == 0 {
		p = Position{r.Uint32(), r.Uint32()}
	}
	return CellOf(p, Zoom(r.IntN(25)))
}

// check compares the snapshot with the model in everything a reader can ask.
func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, r *rand.Rand, s *Snapshot, model map[ID]Entry,
) {
	t.Helper()
	if s.Len() != len(model) {
		t.Fatalf("%d reports, want %d", s.Len(), len(model))
	}
	for range 20 {
		c, f := randomCell(r), randomFilter(r)
		q := f.Query()
		want := Tally{Box: EmptyBox()}
		var digest [2]uint64
		for _, e := range model {
			if !c.Contains(e.Key.Position()) {
				continue
			}
			digest[e.Attributes.class()>>1] += e.Digest()
			if f.Match(e.Attributes) {
				countRow(&want, e)
			}
		}
		got := s.Tally(c, &q)
		box := got.Box
		box.Union(want.Box)
		if box != got.Box {
			t.Fatalf("%v %+v: box %v does not hold %v", c, f, got.Box, want.Box)
		}
		got.Box = want.Box
		if got != want {
			t.Fatalf("%v %+v: %+v, want %+v", c, f, got, want)
		}
		if d := s.Digest(c.Range(), true); d != digest[1] {
			t.Fatalf("%v: public digest %x, want %x", c, d, digest[1])
		}
		if d := s.Digest(c.Range(), false) - digest[1]; d != digest[0]*0x9e3779b97f4a7c15 {
			t.Fatalf("%v: staff digest differs", c)
		}
		n := uint32(0)
		at := s.Cursor()
		at.Seek(c.Range().First)
		at.Each(c.Range().Last, &q, func(e Entry) bool {
			if model[e.ID] != e {
				t.Fatalf("%+v, want %+v", e, model[e.ID])
			}
			n++
			return true
		})
		if n != want.Count() {
			t.Fatalf("%v: %d rows, want %d", c, n, want.Count())
		}
	}
}

func TestTheIndexAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		model := map[ID]Entry{}
		var b Builder
		var known []Entry
		for n := range rapid.IntRange(0, 3000).Draw(t, "built") {
			e := randomEntry(r, uint64(n))
			if _, ok := model[e.ID]; !ok {
				b.Add(e)
				model[e.ID] = e
				known = append(known, e)
			}
		}
		x := b.Index()
		check(t, r, x.Snapshot(), model)
		for range rapid.IntRange(0, 12).Draw(t, "batches") {
			batch(r, x, model, &known, rapid.SampledFrom([]int{1, 1, 1, 30, 900}).Draw(t, "size"))
		}
		check(t, r, x.Snapshot(), model)
		if x.ids.count != len(model) {
			t.Fatalf("%d ids, want %d", x.ids.count, len(model))
		}
	})
}

func batch(r *rand.Rand, x *Index, model map[ID]Entry, known *[]Entry, n int) {
	down := r.IntN(3) == 0 // some batches mostly delete
	x.Update(func(tx *Tx) {
		for range n {
			e := randomEntry(r, 1<<32+r.Uint64N(1<<32))
			if len(*known) > 0 && (down || r.IntN(2) == 0) {
				old := (*known)[r.IntN(len(*known))]
				e.ID = old.ID
				if r.IntN(2) == 0 {
					e.Key = old.Key
				}
				if down || r.IntN(3) == 0 {
					tx.Delete(e.ID)
					delete(model, e.ID)
					continue
				}
			}
			tx.Put(e)
			model[e.ID] = e
			*known = append(*known, e)
		}
	})
}

func TestAnIndexCanBeEmptiedOneByOne(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	x, model := NewIndex(), map[ID]Entry{}
	for n := range 5000 {
		e := randomEntry(r, uint64(n))
		x.Update(func(tx *Tx) { tx.Put(e) })
		model[e.ID] = e
	}
	check(t, r, x.Snapshot(), model)
	kept := x.Snapshot()
	n := 0
	for id := range model {
		if n++; n == 2500 {
			break
		}
		x.Update(func(tx *Tx) { tx.Delete(id) })
		delete(model, id)
	}
	check(t, r, x.Snapshot(), model)
	for id := range model {
		x.Update(func(tx *Tx) { tx.Delete(id) })
	}
	check(t, r, x.Snapshot(), nil)
	if kept.Len() != 5000 {
		t.Fatalf("a kept snapshot changed: %d", kept.Len())
	}
}

func countRow(t *Tally, e Entry) {
	if e.Attributes.State().Closed() {
		t.Closed++
	} else {
		t.Open++
	}
	p := e.Key.Position()
	t.SumX, t.SumY = t.SumX+uint64(p.X), t.SumY+uint64(p.Y)
	t.Box.Add(p)
}
