//go:build bench

package tiles_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	grid "segnavia/bench/tiles"
	"segnavia/civic"
	"segnavia/civic/civictest"
	"segnavia/geo"
	"segnavia/storage"
	"segnavia/storage/embedded"
	"segnavia/tiles"
)

const (
	services = 40
	teams    = 30
)

// fill writes $2 reports in 500 towns of a country of 10° × 10°: the towns'
// sizes are skewed, their reports crowd the middle; nine in ten are closed, one
// in twenty is hidden.
const fill = `
	INSERT INTO report (jurisdiction_id, id, rev, code, service_id, channel, status, closed, point, area_id, team_id,
	                    visible, created)
	SELECT $1, md5('report ' || n)::uuid, 1, 'TT' || to_char(n, 'FM00000000'), ($3::uuid[])[1 + floor(40 * r1)::int],
	       (ARRAY['web', 'app', 'phone', 'counter', 'email', 'open311'])[1 + floor(6 * r2)::int],
	       status, CASE WHEN status IN ('resolved', 'closed', 'rejected') THEN timestamptz '2026-01-01 00:00:00Z' END,
	       ST_SetSRID(ST_MakePoint(7 + town * 2654435761 % 10000 / 1000.0 + 0.05 * sqrt(-2 * ln(1 - r3)) * cos(2 * pi() * r4),
	                               37 + town * 2246822519 % 10000 / 1000.0 + 0.04 * sqrt(-2 * ln(1 - r3)) * sin(2 * pi() * r4)), 4326),
	       $4, ($5::uuid[])[1 + floor(30 * r5)::int], r6 > 0.05,
	       timestamptz '2021-01-01 00:00:00Z' + floor(5 * 365 * 86400 * r7) * interval '1 second'
	  FROM (SELECT n, floor(500 * random() * random() * random())::bigint AS town, random() AS r1, random() AS r2, random() AS r3,
	               random() AS r4, random() AS r5, random() AS r6, random() AS r7,
	               CASE WHEN random() < 0.1 THEN (ARRAY['new', 'acknowledged', 'assigned', 'in_progress', 'planned', 'waiting',
	                   'resolved', 'rejected'])[1 + floor(8 * random())::int] ELSE 'closed' END AS status
	          FROM generate_series(1, $2) AS n) AS drawn`

const copyToGrid = `
	INSERT INTO grid_report
	SELECT r.id, p.px, p.py, r.closed IS NOT NULL, r.visible, r.status, s.code, s."group", r.team_id, r.channel, r.created,
	       ST_MakePoint(p.px, p.py)
	  FROM report r JOIN service s ON (s.jurisdiction_id, s.id) = (r.jurisdiction_id, r.service_id),
	       grid_position(ST_X(r.point), ST_Y(r.point)) AS p
	 ORDER BY ST_MakePoint(p.px, p.py)`

// country is the same reports in the database and in the index.
type country struct {
	pool  *pgxpool.Pool
	index *tiles.Index
	load  time.Duration
}

// town is the test town with many services and teams.
func town() *civic.Blueprint {
	b := civictest.Town("country")
	b.Services, b.Teams, b.Routes = nil, nil, nil
	for n := range services {
		b.Services = append(b.Services, civic.Service{
			ID: civictest.ID[civic.Service](b.ID, fmt.Sprint("service ", n)), Code: fmt.Sprint("svc-", n),
			Name: fmt.Sprint("Service ", n), Group: fmt.Sprint("Group ", n%11), Kind: "issue", Public: civic.PublishPlace,
			Contact: "optional", Desk: b.Desks[0].ID,
		})
	}
	for n := range teams {
		b.Teams = append(b.Teams, civic.Team{
			ID: civictest.ID[civic.Team](b.ID, fmt.Sprint("team ", n)), Name: fmt.Sprint("Team ", n), Kind: "crew",
		})
	}
	b.Users = nil
	return b
}

func newCountry(t *testing.T, reports int) country {
	t.Helper()
	ctx := t.Context()
	node, err := embedded.Start(ctx, embedded.Options{Dir: t.TempDir(), Database: true, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Close(context.WithoutCancel(ctx)) })
	if err := storage.Migrate(ctx, node.DatabaseURL); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(ctx, storage.Options{URL: node.DatabaseURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	b := town()
	if err := db.SaveTown(ctx, b); err != nil {
		t.Fatal(err)
	}
	c := country{pool: pool(t, node.DatabaseURL), index: tiles.NewIndex()}
	c.fill(t, b, reports)
	start := time.Now()
	c.follow(t, db, b)
	c.load = time.Since(start)
	return c
}

// pool is tuned: no compiling of short queries, one connection a client.
func pool(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	cfg.MaxConns = 4
	cfg.ConnConfig.RuntimeParams["jit"] = "off"
	cfg.ConnConfig.RuntimeParams["work_mem"] = "64MB"
	p, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func (c country) fill(t *testing.T, b *civic.Blueprint, reports int) {
	t.Helper()
	conn, err := c.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	var serviceIDs, teamIDs []string
	for _, s := range b.Services {
		serviceIDs = append(serviceIDs, s.ID.String())
	}
	for _, m := range b.Teams {
		teamIDs = append(teamIDs, m.ID.String())
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{grid.GridSQL, nil},
		{`SELECT setseed(0.5)`, nil},
		{fill, []any{b.ID, reports, serviceIDs, b.Areas[0].ID, teamIDs}},
		{copyToGrid, nil},
		{`VACUUM (ANALYZE) grid_report`, nil},
	} {
		start := time.Now()
		if _, err := conn.Exec(t.Context(), step.sql, step.args...); err != nil {
			t.Fatal(err)
		}
		t.Logf("%.40q took %v", step.sql, time.Since(start).Round(time.Millisecond))
	}
}

// follow fills the index as the program does.
func (c country) follow(t *testing.T, db *storage.DB, b *civic.Blueprint) {
	t.Helper()
	var named []tiles.Service
	for _, s := range b.Services {
		named = append(named, tiles.Service{ID: uuid.UUID(s.ID), Code: s.Code, Group: s.Group})
	}
	c.index.Describe(named)
	feed := tiles.NewFeed(db, &tiles.Town{ID: uuid.UUID(b.ID), Name: "country", Index: c.index})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		feed.Run(ctx, func(err error) { t.Error(err) })
	}()
	t.Cleanup(func() { cancel(); <-done })
	for !feed.Ready.Load() && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
}

// places returns at most 500 tiles of a zoom that hold reports, where reports
// are many more often than where they are few.
func (c country) places(t *testing.T, z geo.Zoom) []geo.Cell {
	t.Helper()
	rows, err := c.pool.Query(t.Context(),
		`SELECT px >> $1, py >> $1 FROM grid_report WHERE visible ORDER BY md5(id::text) LIMIT 4000`, 32-int(z))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []geo.Cell
	seen := map[geo.Cell]bool{}
	for rows.Next() {
		at := geo.Cell{Zoom: z}
		if err := rows.Scan(&at.X, &at.Y); err != nil {
			t.Fatal(err)
		}
		if !seen[at] && len(out) < 500 {
			seen[at] = true
			out = append(out, at)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
