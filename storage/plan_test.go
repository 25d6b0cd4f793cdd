package storage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"segnavia/storage"
	"segnavia/storage/storagetest"
)

// TestIndexesServeEveryQuery explains each spatial and text query as the role
// that asks it, over enough rows that reading them all would be wrong. A
// sequential scan means that an operator is not on the leakproof list.
func TestIndexesServeEveryQuery(t *testing.T) {
	db, town := open(t)
	conn, err := pgx.Connect(t.Context(), storagetest.Admin(t, storage.URLOf(db)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the test is over
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO report (jurisdiction_id, id, rev, code, service_id, channel, status, point, spot, area_id, visible, created)
		SELECT $1, gen_random_uuid(), 1, 'TT' || to_char(n, 'FM00000000'), $2, 'web', 'new', p, p, $3, true,
		       now() - n * interval '1 minute'
		FROM (SELECT n, ST_SetSRID(ST_MakePoint(8.8 + 0.2 * random(), 44.4 + 0.1 * random()), 4326) AS p
		      FROM generate_series(1, 20000) n) r`, town.ID, town.Services[0].ID, town.Areas[0].ID)
	exec(`INSERT INTO street (jurisdiction_id, id, kind, name, shape)
		SELECT $1, gen_random_uuid(), 'street', 'Via ' || md5(n::text),
		       ST_SetSRID(ST_MakeLine(ST_MakePoint(x, y), ST_MakePoint(x + 0.001, y + 0.001)), 4326)
		FROM (SELECT n, 8.8 + 0.2 * random() AS x, 44.4 + 0.1 * random() AS y FROM generate_series(1, 20000) n) s`, town.ID)
	exec(`INSERT INTO address (jurisdiction_id, id, source, street, number, point)
		SELECT $1, gen_random_uuid(), 'test', 'Via ' || md5((n / 20)::text), 1 + n % 20,
		       ST_SetSRID(ST_MakePoint(8.8 + 0.2 * random(), 44.4 + 0.1 * random()), 4326)
		FROM generate_series(1, 20000) n`, town.ID)
	exec(`ANALYZE address`)
	exec(`INSERT INTO report_update (jurisdiction_id, id, report_id, rev, at, status)
		SELECT jurisdiction_id, gen_random_uuid(), id, 1, created, 'new' FROM report`)
	exec(`ANALYZE report_update`)
	exec(`ANALYZE report`)
	exec(`ANALYZE street`)
	exec(`SET ROLE app`)
	exec(`SELECT set_config('app.jurisdiction', $1::text, false)`, town.ID)
	now := time.Now()
	args := map[string][]any{
		"nearby":   {town.ID, 8.85, 44.45, 60.0, 5},
		"places":   {town.ID, "via balbi", 8, 12, "", "", "via balbi", false, 0, false, ""},
		"written":  {town.ID, []string{"via balbi", "via balbi piovera"}},
		"spots":    {town.ID, []float64{8.85}, []float64{44.45}, []*string{nil}, []string{"via balbi"}, []string{"via balbi"}, 12.0},
		"spotless": {town.ID, uuid.Nil, 500},
		"place at": {town.ID, 8.85, 44.45},
		"open requests": {pgx.NamedArgs{
			"j": town.ID, "from": now.Add(-time.Hour), "to": now, "until": now.Add(26 * time.Hour), "zone": "Europe/Rome",
			"services": []string(nil), "open": (*bool)(nil), "skip": 0, "limit": 1000,
		}},
		"updates": {pgx.NamedArgs{"j": town.ID, "from": now.Add(-time.Hour), "to": now, "client": "x", "skip": 0, "limit": 5000}},
	}
	for name, sql := range storage.Queries {
		rows, err := conn.Query(t.Context(), `EXPLAIN (COSTS OFF) `+sql, args[name]...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plan := strings.Join(lines, "\n")
		if strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, "Index") {
			t.Errorf("%s reads the whole table:\n%s", name, plan)
		}
	}
}
