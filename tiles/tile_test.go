package tiles

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"segnavia/geo"
)

// drawn is one decoded feature.
type drawn struct {
	layer string
	*geojson.Feature
}

func decode(t interface{ Fatalf(string, ...any) }, b []byte) []drawn {
	if len(b) == 0 {
		return nil
	}
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatalf("decode tile: %v", err)
	}
	var out []drawn
	for _, l := range layers {
		if l.Version != 2 || l.Extent != extent {
			t.Fatalf("layer %s: version %d, extent %d", l.Name, l.Version, l.Extent)
		}
		for _, f := range l.Features {
			p := f.Geometry.(orb.Point)
			if p[0] < 0 || p[0] >= extent || p[1] < 0 || p[1] >= extent {
				t.Fatalf("a feature lies outside its tile: %v", p)
			}
			out = append(out, drawn{l.Name, f})
		}
	}
	return out
}

func matches(f *Filter, a Access, r *Row) bool {
	s, _ := statusOf(r.Status)
	c, _ := channelOf(r.Channel)
	day := geo.DayOf(r.Created)
	team := "none"
	if r.Team != (Row{}).Team {
		team = r.Team.String()
	}
	has := func(list []string, words ...string) bool {
		for _, w := range list {
			for _, v := range words {
				if w == v {
					return true
				}
			}
		}
		return list == nil
	}
	var service Service
	for _, v := range someServices() {
		if v.ID == r.Service {
			service = v
		}
	}
	return (a == Staff || r.Visible) && (f.States == 0 || f.States>>s&1 == 1) &&
		(f.Channels == 0 || f.Channels>>c&1 == 1) && has(f.Services, service.Code, service.ID.String()) &&
		has(f.Groups, service.Group) && has(f.Teams, team) &&
		(f.Area == "" || f.Area == r.Area.String()) && day >= f.From && (f.To == 0 || day <= f.To)
}

func mustFilter(q url.Values) Filter {
	f, err := ParseFilter(q)
	if err != nil {
		panic(err)
	}
	return f
}

func randomQuery(r *rand.Rand) url.Values {
	q := url.Values{}
	pick := func(name string, words ...string) {
		if r.IntN(4) == 0 {
			q.Set(name, words[r.IntN(len(words))])
		}
	}
	pick("status", "open", "closed", "new,waiting", "resolved", "open,rejected")
	pick("service", "svc-1,svc-2,svc-3", word('s', 4).String(), "svc-99")
	pick("group", "group, 1", "group, 2", "elsewhere")
	pick("team", "none", word('t', 1).String(), "none,"+word('t', 2).String())
	pick("area", word('a', 1).String(), word('a', 2).String(), word('z', 9).String())
	pick("channel", "web,app", "phone")
	pick("from", "2021-05-01", "2022-01-01")
	pick("to", "2023-05-01", "2022-01-01")
	return q
}

// tilesOf returns the tiles of a zoom that may show the reports: theirs and
// their neighbours.
func tilesOf(rows []Row, z geo.Zoom) map[geo.Cell]bool {
	out := map[geo.Cell]bool{}
	for i := range rows {
		for _, c := range neighbourhood(geo.CellOf(geo.At(rows[i].Point), z)) {
			out[c] = true
		}
	}
	return out
}

func TestTheTilesOfAZoomCountEveryReportOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		place := orb.Point{r.Float64()*360 - 180, r.Float64()*160 - 80}
		z := geo.Zoom(rapid.IntRange(0, 18).Draw(t, "zoom"))
		rows := make([]Row, rapid.IntRange(0, 1500).Draw(t, "reports"))
		// Reports that fill a few tiles are what neighbours must agree on.
		side := 360 / float64(uint64(1)<<z)
		fill := rapid.SampledFrom([]float64{0, 0.3, 1, 2}).Draw(t, "fill")
		for i := range rows {
			rows[i] = randomRow(r, i, place, side*fill/10)
			if fill > 0 && r.IntN(10) > 0 {
				rows[i].Point[0] = place[0] + side*fill*(r.Float64()-0.5)
				rows[i].Point[1] = place[1] + side*fill*(r.Float64()-0.5)
			}
		}
		x := loaded(rows)
		f, err := ParseFilter(randomQuery(r))
		if err != nil {
			t.Fatalf("%v", err)
		}
		access := Access(r.IntN(2))
		want := map[string]bool{}
		for i := range rows {
			if matches(&f, access, &rows[i]) {
				want[shownID(access, rows[i].ID)] = true
			}
		}
		count, seen := 0, map[any]bool{}
		for c := range tilesOf(rows, z) {
			for _, d := range decode(t, x.Tile(c, &f, access)) {
				if id := d.Properties["id"]; seen[id] {
					t.Fatalf("%v: %v is drawn twice", c, id)
				} else {
					seen[id] = true
				}
				if d.layer == "reports" {
					if !want[d.Properties["id"].(string)] {
						t.Fatalf("%v: a report that does not match", d.Properties)
					}
					count++
					continue
				}
				n := int(d.Properties["count"].(float64))
				if z >= singlesZoom || n < 2 || n != int(d.Properties["open"].(float64)+d.Properties["closed"].(float64)) {
					t.Fatalf("%v: a strange cluster at zoom %d", d.Properties, z)
				}
				if e := d.Properties["expand"].(float64); e <= float64(z) || e > 16 {
					t.Fatalf("expands at %v, from zoom %d", e, z)
				}
				count += n
			}
		}
		if count != len(want) {
			t.Fatalf("zoom %d of %d reports counts %d, want %d", z, len(rows), count, len(want))
		}
	})
}

func TestHeatCountsEveryReportOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var rows []Row
	for i := range 2000 {
		rows = append(rows, randomRow(r, i, orb.Point{8.93, 44.41}, 0.05))
	}
	x := loaded(rows)
	for _, z := range []geo.Zoom{0, 3, 12, 22} {
		n := 0.0
		for c := range tilesOf(rows, z) {
			for _, d := range decode(t, x.Tile(c, &Filter{Style: Heat}, Staff)) {
				n += d.Properties["count"].(float64)
			}
		}
		if n != 2000 {
			t.Errorf("zoom %d counts %v", z, n)
		}
	}
}

// shownID is the id by which a view shows a report.
func shownID(a Access, id uuid.UUID) string {
	if a == Public {
		return PublicID(id).String()
	}
	return id.String()
}

// TestThePublicSeesADayAStreetAndNoID looks at what a single report gives away:
// at no zoom does any tile of the public know the door, whose tile is empty. The
// office sees the door, or the street where the door lies in another tile.
func TestThePublicSeesADayAStreetAndNoID(t *testing.T) {
	row := randomRow(rand.New(rand.NewPCG(1, 2)), 7, orb.Point{8.93, 44.41}, 0)
	row.Point, row.Spot, row.Visible = orb.Point{8.930_043, 44.410_037}, orb.Point{8.930_21, 44.410_11}, true
	entered := NewIndex()
	entered.Describe(someServices())
	if err := entered.Apply([]Change{enter(row)}); err != nil {
		t.Fatal(err)
	}
	door, street := geo.At(row.Point), geo.At(row.Spot)
	for _, x := range []*Index{loaded([]Row{row}), entered} {
		for _, z := range []geo.Zoom{10, 16, 18, 22} {
			tile := geo.CellOf(street, z)
			got := decode(t, x.Tile(tile, &Filter{}, Public))
			if len(got) != 1 {
				t.Fatalf("zoom %d: %v", z, got)
			}
			p := got[0].Properties
			if p["id"] == row.ID.String() || p["created"] != row.Created.Format(time.DateOnly) {
				t.Errorf("zoom %d shows %v", z, p)
			}
			wx, wy, _ := inTile(tile, street)
			if at, _ := got[0].Geometry.(orb.Point); at != (orb.Point{float64(wx), float64(wy)}) {
				t.Errorf("zoom %d shows it at %v, want %d, %d", z, at, wx, wy)
			}
			if other := geo.CellOf(door, z); other != tile && len(x.Tile(other, &Filter{}, Public)) > 0 {
				t.Errorf("zoom %d: the door's tile is not empty", z)
			}
			if ex, ey, ok := inTile(tile, door); ok {
				wx, wy = ex, ey
			}
			office := decode(t, x.Tile(tile, &Filter{}, Staff))
			if at, _ := office[0].Geometry.(orb.Point); at != (orb.Point{float64(wx), float64(wy)}) {
				t.Errorf("zoom %d shows the office %v, want %d, %d", z, at, wx, wy)
			}
		}
	}
}

func TestAReportShowsItsWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	row := randomRow(r, 7, orb.Point{8.93, 44.41}, 0)
	row.Point, row.Visible = orb.Point{8.93, 44.41}, true
	x := loaded([]Row{row})
	for _, z := range []geo.Zoom{0, 10, 16, 22} {
		got := decode(t, x.Tile(geo.CellOf(geo.At(row.Point), z), &Filter{}, Staff))
		if len(got) != 1 || got[0].layer != "reports" {
			t.Fatalf("zoom %d: %v", z, got)
		}
		p := got[0].Properties
		want := map[string]string{
			"id": row.ID.String(), "code": row.Code, "status": row.Status,
			"created": row.Created.Format("2006-01-02T15:04:05Z"),
		}
		for k, v := range want {
			if p[k] != v {
				t.Errorf("zoom %d: %s is %v, want %v", z, k, p[k], v)
			}
		}
		if s, _ := p["service"].(string); !strings.HasPrefix(s, "svc-") {
			t.Errorf("service is %v", p["service"])
		}
	}
}

// A square on which everything is reported stays a tile that a phone can draw.
func TestACrowdedTileIsBounded(t *testing.T) {
	rows := make([]Row, 9000)
	r := rand.New(rand.NewPCG(3, 4))
	place := orb.Point{8.931, 44.411}
	for i := range rows {
		rows[i] = randomRow(r, i, place, 0)
		rows[i].Point = place
		if i%3 == 0 {
			rows[i].Point = orb.Point{place[0] + 0.002*r.Float64(), place[1] + 0.001*r.Float64()}
		}
	}
	x := loaded(rows)
	for _, z := range []geo.Zoom{16, 18, 22} {
		count, features := 0, 0
		for c := range tilesOf(rows, z) {
			d := decode(t, x.Tile(c, &Filter{}, Staff))
			features = max(features, len(d))
			count += total(d)
		}
		if count != len(rows) || features > maxSingles+gridSide*gridSide {
			t.Errorf("zoom %d counts %d reports, at most %d features a tile", z, count, features)
		}
	}
}
