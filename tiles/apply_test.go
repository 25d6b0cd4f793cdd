package tiles

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"segnavia/geo"
)

func (r Row) patch(rev int64, body string) Change {
	return Change{Area: r.Area, Kind: Patch, ID: r.ID, Rev: rev, Body: []byte(body)}
}

func (r Row) leave(rev int64) Change {
	return Change{Area: r.Area, Kind: Leave, ID: r.ID, Rev: rev}
}

func oneReport() Row {
	r := randomRow(rand.New(rand.NewPCG(1, 1)), 1, orb.Point{8.93, 44.41}, 0)
	r.Point, r.Visible, r.Status, r.Area = orb.Point{8.93, 44.41}, true, "new", word('a', 1)
	return r
}

func (x *Index) held(id Row) (e geo.Entry, ok bool) {
	x.geo.Load().Update(func(tx *geo.Tx) { e, ok = tx.Get(geo.ID(id.ID)) })
	return e, ok
}

func TestTheLogIsFollowed(t *testing.T) {
	r := oneReport()
	moved := r
	moved.Area, moved.Rev, moved.Point = word('a', 2), 5, orb.Point{8.95, 44.42}
	first := enter(r)
	for _, c := range []struct {
		name  string
		batch []Change
		rev   uint32 // 0: not held
		area  int
		state geo.State
	}{
		{"enter", []Change{first}, 1, 1, geo.New},
		{"patch", []Change{first, r.patch(2, `{"status":"assigned","team":null}`)}, 2, 1, geo.Assigned},
		{"empty patch", []Change{first, r.patch(2, `{}`)}, 2, 1, geo.New},
		{"an old patch", []Change{first, r.patch(2, `{}`), r.patch(2, `{"status":"closed"}`)}, 2, 1, geo.New},
		{"a patch of nothing", []Change{r.patch(2, `{}`)}, 0, 0, 0},
		{"leave", []Change{first, r.leave(2)}, 0, 0, 0},
		{"leave twice", []Change{first, r.leave(2), r.leave(3)}, 0, 0, 0},
		{"an old leave", []Change{first, r.patch(4, `{}`), r.leave(3)}, 4, 1, geo.New},
		{"a move", []Change{first, r.leave(5), enter(moved)}, 5, 2, geo.New},
		{"a move, the other scope first", []Change{first, enter(moved), r.leave(5)}, 5, 2, geo.New},
		{"an old enter", []Change{enter(moved), first}, 5, 2, geo.New},
		{"back again", []Change{first, enter(moved), r.leave(5), moved.leave(7), r.again(7)}, 7, 1, geo.New},
		{"a patch of an area left", []Change{enter(moved), r.patch(6, `{"status":"closed"}`)}, 5, 2, geo.New},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, together := range []bool{true, false} {
				x := NewIndex()
				step := 1
				if together {
					step = len(c.batch)
				}
				for i := 0; i < len(c.batch); i += step {
					if err := x.Apply(c.batch[i : i+step]); err != nil {
						t.Fatal(err)
					}
				}
				e, ok := x.held(r)
				if ok != (c.rev > 0) || e.Rev != c.rev {
					t.Fatalf("held %v at rev %d, want %d", ok, e.Rev, c.rev)
				}
				if ok && (x.dict.Load().area[word('a', c.area)] != e.Attributes.Area() || e.Attributes.State() != c.state) {
					t.Fatalf("held %+v", e)
				}
			}
		})
	}
}

func (r Row) again(rev int64) Change {
	r.Rev = rev
	return enter(r)
}

func TestABodyThatCannotBeReadIsNamedAndTheRestApplied(t *testing.T) {
	r := oneReport()
	other := r
	other.ID = word('r', 2)
	bad := enter(r)
	bad.Body = []byte(`{"lon":"x"}`)
	noPlace := enter(r)
	noPlace.Body = []byte(`{"status":"new"}`)
	x := NewIndex()
	if err := x.Apply([]Change{bad, noPlace, enter(other)}); err == nil {
		t.Error("nothing is said")
	}
	if x.Len() != 1 {
		t.Errorf("%d reports", x.Len())
	}
}

// What the scanner reads of an object is what encoding/json reads.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		`{"code":"GE48217308","lon":8.93,"lat":44.4,"visible":true,"team":null}`,
		`{ "a" : [1,{"b":"}"}] , "c\u0041":"\"x" }`, `{}`, `{"a":}`, `{"a":1,}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got := map[string]string{}
		err := scan(b, func(m member) error {
			got[m.key] = string(m.value)
			return nil
		})
		var want map[string]json.RawMessage
		if json.Unmarshal(b, &want) != nil || want == nil {
			return // the scanner may be laxer, never wild
		}
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		for k, v := range want {
			if got[k] != string(v) {
				t.Fatalf("%q: %s is %q, want %q", b, k, got[k], v)
			}
		}
		a := author{dictionary: newDictionary(time.UTC)}
		_ = new(fields).merge(&a, b)
	})
}
