package storage_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/mvt"

	grid "segnavia/bench/tiles"
	"segnavia/civic"
	"segnavia/geo"
	"segnavia/storage"
	"segnavia/storage/storagetest"
	"segnavia/tiles"
)

// manyReports writes reports over two years: in the town, in places around it,
// on one spot, on the edges of tiles of zoom 13, and some with no place.
const manyReports = `
	INSERT INTO report (jurisdiction_id, id, rev, code, service_id, channel, status, closed, point, area_id, team_id,
	                    visible, created)
	SELECT $1, md5('report ' || n)::uuid, 1 + n % 9, 'TT' || to_char(n, 'FM00000000'), ($2::uuid[])[1 + n * 7 % 3],
	       (ARRAY['web', 'app', 'phone', 'counter', 'email', 'open311', 'staff'])[1 + floor(7 * a)::int],
	       status, CASE WHEN status IN ('resolved', 'closed', 'rejected') THEN now() END,
	       CASE WHEN n % 97 > 0 THEN ST_SetSRID(ST_MakePoint(
	           CASE n % 20 WHEN 0 THEN (4296 + n / 20 % 6) / 8192.0::float8 * 360 - 180 WHEN 1 THEN 8.85
	                       WHEN 2 THEN 6 + n / 20 % 20 + 0.01 * b ELSE 8.8 + 0.2 * b END,
	           CASE n % 20 WHEN 3 THEN degrees(atan(sinh(pi() * (1 - (2972 + n / 20 % 3) / 4096.0::float8)))) + (n / 20 % 2 - 0.5) * 6e-8
	                       WHEN 1 THEN 44.45 WHEN 2 THEN 40 + n / 20 % 10 ELSE 44.4 + 0.1 * c END), 4326) END,
	       ($3::uuid[])[1 + n % 2], CASE WHEN d < 0.7 THEN ($4::uuid[])[1 + floor(4 * d)::int] END,
	       n % 5 > 0, timestamptz '2024-11-20 00:00:00Z' + floor(730 * 86400 * e) * interval '1 second'
	  FROM (SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
	               (ARRAY['new', 'acknowledged', 'assigned', 'in_progress', 'planned', 'waiting', 'resolved', 'rejected', 'closed',
	                      'closed', 'closed'])[1 + floor(11 * random())::int] AS status
	          FROM generate_series(1, 24000) AS n) AS drawn`

// moveDoors puts each report a few metres beside where the public is told that it
// is: the index counts by what the public is told.
const moveDoors = `UPDATE report SET spot = point, point = ST_Translate(point, 0.0001, 0.0001) WHERE jurisdiction_id = $1`

const copyReports = `
	INSERT INTO grid_report
	SELECT r.id, p.px, p.py, r.closed IS NOT NULL, r.visible, r.status, s.code, s."group", r.team_id, r.channel, r.created,
	       ST_MakePoint(p.px, p.py)
	  FROM report r JOIN service s ON (s.jurisdiction_id, s.id) = (r.jurisdiction_id, r.service_id),
	       grid_position(ST_X(r.spot), ST_Y(r.spot)) AS p
	 WHERE r.jurisdiction_id = $1 AND r.point IS NOT NULL AND r.area_id IS NOT NULL`

// oracle is the same reports twice: in the index, and in a table beside it.
type oracle struct {
	*pgx.Conn
	index *tiles.Index
	town  *civic.Blueprint
}

func newOracle(t *testing.T) oracle {
	t.Helper()
	db, town := open(t)
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	var services, areas, teams []string
	for _, s := range town.Services {
		services = append(services, s.ID.String())
	}
	for _, a := range town.Areas {
		areas = append(areas, a.ID.String())
	}
	for _, m := range town.Teams {
		teams = append(teams, m.ID.String())
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{grid.GridSQL, nil},
		{`SELECT setseed(0.5)`, nil},
		{manyReports, []any{town.ID, services, areas, teams}},
		{moveDoors, []any{town.ID}},
		{copyReports, []any{town.ID}},
		{`ANALYZE grid_report`, nil},
	} {
		if _, err := conn.Exec(t.Context(), step.sql, step.args...); err != nil {
			t.Fatal(err)
		}
	}
	return oracle{conn, followed(t, db, town), town}
}

// followed returns the index that the feed fills.
func followed(t *testing.T, db *storage.DB, town *civic.Blueprint) *tiles.Index {
	t.Helper()
	index := tiles.NewIndex()
	var services []tiles.Service
	for _, s := range town.Services {
		services = append(services, tiles.Service{ID: uuid.UUID(s.ID), Code: s.Code, Group: s.Group})
	}
	index.Describe(services)
	feed := tiles.NewFeed(db, &tiles.Town{ID: uuid.UUID(town.ID), Name: "the town", Index: index})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		feed.Run(ctx, func(err error) { t.Error(err) })
	}()
	t.Cleanup(func() { cancel(); <-done })
	for until := time.Now().Add(time.Minute); !feed.Ready.Load(); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the index is never ready")
		}
	}
	return index
}

// wish is one filter, in the words of a tile's address and in those of
// grid_reports.
type wish struct {
	query  url.Values
	access tiles.Access
	named  string
	args   pgx.NamedArgs
}

func (o oracle) wish(r *rand.Rand) wish {
	w := wish{query: url.Values{}, access: tiles.Access(r.IntN(2)), args: pgx.NamedArgs{}}
	named := []string{fmt.Sprint("only_visible => ", w.access == tiles.Public)}
	pick := func(parameter, value, name string, arg any) {
		w.query.Set(parameter, value)
		w.args[name] = arg
		named = append(named, name+" => @"+name)
	}
	days := func() string {
		return time.Date(2024, 11, 20+r.IntN(740), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	list := func(parameter, name string, words ...string) {
		pick(parameter, strings.Join(words, ","), name, words)
	}
	switch r.IntN(5) {
	case 0:
		pick("status", "open", "want_statuses", []string{"new", "acknowledged", "assigned", "in_progress", "planned", "waiting"})
	case 1:
		pick("status", "closed", "want_statuses", []string{"resolved", "closed", "rejected"})
	case 2:
		list("status", "want_statuses", "waiting", "resolved", "new")
	}
	switch r.IntN(6) {
	case 0:
		list("service", "want_services", "pothole")
	case 1:
		list("service", "want_services", "tree", "distress")
	case 2:
		pick("group", o.town.Services[r.IntN(3)].Group, "want_group", w.query.Get("group"))
		w.args["want_group"] = w.query.Get("group")
	}
	team := o.town.Teams[r.IntN(3)].ID.String()
	switch r.IntN(6) {
	case 0:
		list("team", "want_teams", team)
	case 1:
		pick("team", "none", "want_teams", []string{})
		named = append(named, "want_teamless => true")
	case 2:
		pick("team", "none,"+team, "want_teams", []string{team})
		named = append(named, "want_teamless => true")
	}
	if r.IntN(4) == 0 {
		list("channel", "want_channels", "web", "open311", "staff")
	}
	from, to := days(), days()
	if to < from {
		from, to = to, from
	}
	if r.IntN(3) == 0 {
		pick("from", from, "want_from", from)
	}
	if r.IntN(3) == 0 {
		pick("to", to, "want_to", to)
	}
	w.named = strings.Join(named, ", ")
	return w
}

type place struct{ x, y uint32 }

// TestTilesAgreeWithSQL compares what tiles count, and where, with PostGIS over
// the same rows.
func TestTilesAgreeWithSQL(t *testing.T) {
	o := newOracle(t)
	r := rand.New(rand.NewPCG(7, 11))
	for _, z := range []geo.Zoom{6, 10, 13, 16} {
		all := o.places(t, z)
		for range 10 {
			w := o.wish(r)
			f, err := tiles.ParseFilter(w.query)
			if err != nil {
				t.Fatal(err)
			}
			o.sum(t, w, &f, z, all)
			some := make([]geo.Cell, 20)
			for i := range some {
				some[i] = all[r.IntN(len(all))]
			}
			o.cells(t, w, &f, some)
		}
	}
}

// places returns the tiles of a zoom that hold reports and, where clusters may
// stand next door, their neighbours.
func (o oracle) places(t *testing.T, z geo.Zoom) []geo.Cell {
	t.Helper()
	rows, err := o.Query(t.Context(), `SELECT DISTINCT px >> $1, py >> $1 FROM grid_report`, 32-int(z))
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p place, err error) {
		return p, row.Scan(&p.x, &p.y)
	})
	if err != nil {
		t.Fatal(err)
	}
	near := uint32(1)
	if z >= 16 {
		near = 0
	}
	cells := map[geo.Cell]bool{}
	for _, p := range found {
		for x := p.x - near; x <= p.x+near; x++ {
			for y := p.y - near; y <= p.y+near; y++ {
				cells[geo.Cell{Zoom: z, X: x, Y: y}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(cells), func(a, b geo.Cell) int { return int(a.Number()) - int(b.Number()) })
}

// sum compares the counts of all tiles of a zoom with SQL's; where tiles show
// every report, the ids of each tile too.
func (o oracle) sum(t *testing.T, w wish, f *tiles.Filter, z geo.Zoom, all []geo.Cell) {
	t.Helper()
	rows, err := o.Query(t.Context(), fmt.Sprintf(
		`SELECT id::text, px >> %[1]d, py >> %[1]d FROM grid_reports(%[2]s)`, 32-int(z), w.named), w.args)
	if err != nil {
		t.Fatal(err)
	}
	want := map[place][]string{}
	total := 0
	var id string
	var p place
	if _, err := pgx.ForEachRow(rows, []any{&id, &p.x, &p.y}, func() error {
		if w.access == tiles.Public {
			id = tiles.PublicID(uuid.MustParse(id)).String()
		}
		want[p] = append(want[p], id)
		total++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, c := range all {
		n, ids := shown(t, o.index.Tile(c, f, w.access))
		got += n
		if z < 16 {
			continue
		}
		there := want[place{c.X, c.Y}]
		slices.Sort(there)
		if !slices.Equal(ids, there) {
			t.Errorf("%v with %v shows %d reports, SQL finds %d", c, w.query, len(ids), len(there))
		}
	}
	if got != total {
		t.Errorf("the tiles of zoom %d with %v count %d reports, SQL %d", z, w.query, got, total)
	}
}

func shown(t *testing.T, tile []byte) (count int, ids []string) {
	t.Helper()
	if len(tile) == 0 {
		return 0, nil
	}
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		for _, f := range l.Features {
			if l.Name == "reports" {
				ids = append(ids, f.Properties.MustString("id"))
				count++
			} else {
				count += f.Properties.MustInt("count")
			}
		}
	}
	slices.Sort(ids)
	return count, ids
}

// cell is one row of grid_cells.
type cell struct{ count, open, x, y int64 }

// cells compares grids cell by cell.
func (o oracle) cells(t *testing.T, w wish, f *tiles.Filter, some []geo.Cell) {
	t.Helper()
	var xs, ys []int
	got, want := map[place]cell{}, map[place]cell{}
	for _, c := range some {
		xs, ys = append(xs, int(c.X)), append(ys, int(c.Y))
		for at, tally := range o.index.Grid(c, f, w.access) {
			m := tally.Mean()
			got[place{at.X, at.Y}] = cell{int64(tally.Count()), int64(tally.Open), int64(m.X), int64(m.Y)}
		}
	}
	args := maps.Clone(w.args)
	args["xs"], args["ys"] = xs, ys
	rows, err := o.Query(t.Context(), fmt.Sprintf(
		`SELECT g.* FROM unnest(@xs::int[], @ys::int[]) AS tile(x, y), grid_cells(%d, tile.x, tile.y, %s) AS g`,
		some[0].Zoom, w.named), args)
	if err != nil {
		t.Fatal(err)
	}
	var at place
	var c cell
	if _, err := pgx.ForEachRow(rows, []any{&at.x, &at.y, &c.count, &c.open, &c.x, &c.y}, func() error {
		want[at] = c
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("zoom %d with %v: %d cells, SQL %d, or another count or mean", some[0].Zoom, w.query, len(got), len(want))
	}
}
