package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// partitionsAhead is how many days of log have their partition beforehand, so
// that a node whose upkeep is late still writes.
const partitionsAhead = 7

// LogDays is how long a scope's log is kept: a cursor older than that starts
// again from a snapshot (sync protocol 1, The log).
const LogDays = 30

// partitionPatience keeps the upkeep from queueing before every edit while it
// waits for a long import to end: it gives up and comes back within the hour.
const partitionPatience = `SET LOCAL lock_timeout = '500ms'`

// makePartitions makes the partitions of the coming days. Each carries its own
// row security, since a query that names a partition passes the parent's by.
func makePartitions(ctx context.Context, conn *pgx.Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer undo(ctx, tx)
	var today time.Time
	if err := tx.QueryRow(ctx, `SELECT pg_advisory_xact_lock(7310593)::text <> '-', (now() AT TIME ZONE 'utc')::date`).Scan(new(bool), &today); err != nil {
		return err
	}
	for _, sql := range []string{`SET LOCAL ROLE owner`, partitionPatience} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	for i := -1; i <= partitionsAhead; i++ {
		day := today.AddDate(0, 0, i)
		name := "scope_log_" + day.Format("20060102")
		var exists bool
		if err := tx.QueryRow(ctx, `SELECT to_regclass($1::text) IS NOT NULL`, name).Scan(&exists); err != nil {
			return err
		}
		if exists {
			continue
		}
		for _, sql := range []string{
			`CREATE TABLE %[1]s PARTITION OF scope_log FOR VALUES FROM ('%[2]s') TO ('%[3]s')`,
			`ALTER TABLE %[1]s ENABLE ROW LEVEL SECURITY`,
			`ALTER TABLE %[1]s FORCE ROW LEVEL SECURITY`,
			`CREATE POLICY town ON %[1]s
				USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
				WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)`,
			`GRANT SELECT ON %[1]s TO backup, migrator`,
		} {
			stmt := fmt.Sprintf(sql, name, day.Format(time.DateOnly), day.AddDate(0, 0, 1).Format(time.DateOnly))
			if _, err := tx.Exec(ctx, stmt); err != nil {
				return fmt.Errorf("partition %s: %w", name, err)
			}
		}
	}
	return tx.Commit(ctx)
}

// dropPartitions drops the days of log older than LogDays. Before a partition
// goes, min_v of each scope is raised, and committed, to the highest version
// that goes with it; row security makes that town by town.
func dropPartitions(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'scope_log'::regclass
		  AND c.relname < 'scope_log_' || to_char((now() AT TIME ZONE 'utc')::date - $1::int, 'YYYYMMDD')
		ORDER BY c.relname`, LogDays)
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(old) == 0 {
		return err
	}
	rows, err = conn.Query(ctx, `SELECT id::text FROM jurisdiction ORDER BY id`)
	if err != nil {
		return err
	}
	towns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range old {
		for _, town := range towns {
			if err := raiseMinimum(ctx, conn, name, town); err != nil {
				return fmt.Errorf("partition %s: %w", name, err)
			}
		}
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			for _, sql := range []string{`SET LOCAL ROLE owner`, partitionPatience} {
				if _, err := tx.Exec(ctx, sql); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `DROP TABLE `+pgx.Identifier{name}.Sanitize())
			return err
		})
		if err != nil {
			return fmt.Errorf("partition %s: %w", name, err)
		}
	}
	return nil
}

func raiseMinimum(ctx context.Context, conn *pgx.Conn, partition, town string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL ROLE owner`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `SELECT set_config('app.jurisdiction', $1, true)`, town); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			UPDATE scope_head h SET min_v = greatest(h.min_v, top.v)
			FROM (SELECT scope, max(v) AS v FROM `+pgx.Identifier{partition}.Sanitize()+`
			      WHERE jurisdiction_id = $1 GROUP BY scope) top
			WHERE h.jurisdiction_id = $1 AND h.scope = top.scope`, town)
		return err
	})
}

// Upkeep makes the coming partitions and drops the old ones.
func (db *DB) Upkeep(ctx context.Context) error {
	conn, err := connect(ctx, db.url)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn)
	if err := makePartitions(ctx, conn); err != nil {
		return err
	}
	return dropPartitions(ctx, conn)
}
