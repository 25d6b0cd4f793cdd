package storage

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Heads tells where scopes stand; those that do not exist are left out.
func (db *DB) Heads(ctx context.Context, j civic.JurisdictionID, scopes []civic.Scope) (map[civic.Scope]civic.Head, error) {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	heads := make(map[civic.Scope]civic.Head, len(scopes))
	err := within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT scope, v, min_v, n, sum_a, sum_b FROM scope_head
			WHERE jurisdiction_id = $1 AND scope = ANY($2)`, j, names)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, scanHead)
		for _, h := range list {
			heads[h.Scope] = h
		}
		return err
	})
	return heads, err
}

// Behind counts the ops after cursors, each up to most: what a device has to
// read before it stands at the heads.
func (db *DB) Behind(ctx context.Context, j civic.JurisdictionID, cursors map[civic.Scope]int64, most int) (map[civic.Scope]int, error) {
	scopes, froms := make([]string, 0, len(cursors)), make([]int64, 0, len(cursors))
	for s, v := range cursors {
		scopes, froms = append(scopes, string(s)), append(froms, v)
	}
	behind := make(map[civic.Scope]int, len(cursors))
	err := within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT c.scope, o.n FROM unnest($2::text[], $3::bigint[]) AS c(scope, v)
			CROSS JOIN LATERAL (SELECT count(*) AS n FROM (
				SELECT FROM scope_log l WHERE l.jurisdiction_id = $1 AND l.scope = c.scope AND l.v > c.v LIMIT $4
			) ops) o`, j, scopes, froms, most)
		if err != nil {
			return err
		}
		var s civic.Scope
		var n int
		_, err = pgx.ForEachRow(rows, []any{&s, &n}, func() error {
			behind[s] = n
			return nil
		})
		return err
	})
	return behind, err
}

// Pull reads the log of a scope after a version, up to limit ops but always
// whole versions and at least one. head is where the scope stood. The texts of
// notes and messages are not in the bodies: Join adds them.
//
// A from below the lowest kept version, or above the head, is ErrReset; so is a
// log that goes while it is read.
func (db *DB) Pull(ctx context.Context, j civic.JurisdictionID, s civic.Scope, from int64, limit int) (delta civic.Delta, head int64, err error) {
	delta = civic.Delta{Scope: s, From: from, To: from}
	// Each statement sees its own moment, so that the second reading of the
	// minimum sees what happened during the reading of the rows.
	err = within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		h, err := readHead(ctx, tx, j, s)
		if err != nil {
			return err
		}
		head = h.V
		if from < h.Min || from > h.V {
			return ErrReset
		}
		if from == h.V {
			delta.Sum = h.Sum
			return nil
		}
		return readLog(ctx, tx, j, &delta, limit)
	})
	if err != nil {
		delta.Ops, delta.To = nil, from
	}
	return delta, head, err
}

func readHead(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, s civic.Scope) (civic.Head, error) {
	rows, err := tx.Query(ctx, `
		SELECT scope, v, min_v, n, sum_a, sum_b FROM scope_head WHERE jurisdiction_id = $1 AND scope = $2`, j, string(s))
	if err != nil {
		return civic.Head{}, err
	}
	h, err := pgx.CollectExactlyOneRow(rows, scanHead)
	return h, orNotFound(err)
}

// readLog fills a delta with whole versions after delta.From.
func readLog(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, delta *civic.Delta, limit int) error {
	limit = max(limit, 1)
	var ops []civic.Op
	var sums []civic.Sum
	var least int64
	batch := &pgx.Batch{}
	batch.Queue(`
		SELECT v, kind, report_id, rev, body, coalesce(why, ''), edit_id, sum_a, sum_b FROM scope_log
		WHERE jurisdiction_id = $1 AND scope = $2 AND v > $3 ORDER BY v, seq LIMIT $4`,
		j, string(delta.Scope), delta.From, limit+opsPerVersion).
		Query(func(rows pgx.Rows) (err error) {
			ops, sums, err = collectOps(rows)
			return err
		})
	batch.Queue(`SELECT min_v FROM scope_head WHERE jurisdiction_id = $1 AND scope = $2`, j, string(delta.Scope)).
		QueryRow(func(row pgx.Row) error { return row.Scan(&least) })
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	end := cut(ops, limit)
	if delta.From < least || !gapless(delta.From, ops[:end]) {
		return ErrReset
	}
	delta.Ops, delta.To, delta.Sum = ops[:end], ops[end-1].V, sums[end-1]
	return nil
}

func collectOps(rows pgx.Rows) (ops []civic.Op, sums []civic.Sum, err error) {
	var op civic.Op
	var body []byte
	var a, b int64
	_, err = pgx.ForEachRow(rows, []any{&op.V, &op.Kind, &op.ID, &op.Rev, &body, &op.Why, &op.Edit, &a, &b}, func() error {
		op.Body = json.RawMessage(append([]byte(nil), body...))
		ops = append(ops, op)
		sums = append(sums, civic.Sum{A: uint32(a), B: uint32(b)}) // #nosec G115 -- the table checks the range
		return nil
	})
	return ops, sums, err
}

// cut finds the end of the last whole version within the limit; the first
// always fits.
func cut(ops []civic.Op, limit int) int {
	if len(ops) <= limit {
		return len(ops)
	}
	end := limit
	for end > 0 && ops[end].V == ops[end-1].V {
		end--
	}
	if end == 0 {
		for end < len(ops) && ops[end].V == ops[0].V {
			end++
		}
	}
	return end
}

// gapless tells whether ops name every version after from, and at least one. A
// version that is missing went with its partition.
func gapless(from int64, ops []civic.Op) bool {
	at := from
	for _, op := range ops {
		if op.V != at && op.V != at+1 {
			return false
		}
		at = op.V
	}
	return len(ops) > 0 && ops[0].V == from+1
}

// ErrReset says that a cursor is older than the log, newer than the head, or of
// another epoch: start again from a snapshot.
var ErrReset = civic.Refuse("reset")

// snapshotPage is how many rows of a snapshot or of a bucket are read at once.
const snapshotPage = 500

// Snapshot reads the members of a scope in id order after an id. first is
// called once with the head before the first row; each row is given to yield;
// the head after the last row is returned. Rows are read in short
// transactions, so a slow reader holds nothing.
func (db *DB) Snapshot(ctx context.Context, j civic.JurisdictionID, s civic.Scope, after civic.ReportID, first func(civic.Head) error, yield func([]civic.Row) error) (upto int64, err error) {
	heads, err := db.Heads(ctx, j, []civic.Scope{s})
	if err != nil {
		return 0, err
	}
	h, ok := heads[s]
	if !ok {
		return 0, ErrNotFound
	}
	if err := first(h); err != nil {
		return 0, err
	}
	for {
		var page []civic.Row
		err := within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) (err error) {
			page, err = members(ctx, tx, j, s, after, lastID)
			return err
		})
		if err != nil {
			return 0, err
		}
		if len(page) > 0 {
			if err := yield(page); err != nil {
				return 0, err
			}
			after = page[len(page)-1].ID
		}
		if len(page) < snapshotPage {
			break
		}
	}
	if heads, err = db.Heads(ctx, j, []civic.Scope{s}); err != nil {
		return 0, err
	}
	return heads[s].V, nil
}

// lastID is the highest id.
var lastID = lastOf(0xff)

// lastOf is the highest id that starts with a byte.
func lastOf(prefix byte) (id civic.ReportID) {
	for i := range id {
		id[i] = 0xff
	}
	id[0] = prefix
	return id
}

// members reads a page of a scope's rows with their bodies, in id order, from
// after an id to another.
func members(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, s civic.Scope, after, last civic.ReportID) ([]civic.Row, error) {
	if s.Kind() == civic.ScopeTown {
		rows, err := tx.Query(ctx, `
			SELECT m.report_id, m.rev, t.body FROM membership m
			JOIN town_item t ON t.jurisdiction_id = m.jurisdiction_id AND t.id = m.report_id
			WHERE m.jurisdiction_id = $1 AND m.scope = $2 AND m.report_id > $3 AND m.report_id <= $4
			ORDER BY m.report_id LIMIT $5`, j, string(s), [16]byte(after), [16]byte(last), snapshotPage)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Row, error) {
			var r civic.Row
			return r, row.Scan(&r.ID, &r.Rev, &r.Body)
		})
	}
	rows, err := tx.Query(ctx, `
		SELECT `+prefixed("r", reportColumns)+` FROM membership m
		JOIN report r ON r.jurisdiction_id = m.jurisdiction_id AND r.id = m.report_id
		WHERE m.jurisdiction_id = $1 AND m.scope = $2 AND m.report_id > $3 AND m.report_id <= $4
		ORDER BY m.report_id LIMIT $5`, j, string(s), [16]byte(after), [16]byte(last), snapshotPage)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Row, error) {
		r, err := scanReport(row)
		if err != nil {
			return civic.Row{}, err
		}
		return civic.Row{ID: r.ID, Rev: r.Rev, Body: civic.Project(s.Kind(), &r)}, nil
	})
}

// Repair reads, at one moment, the checksums of a scope's rows by the first
// byte of their ids, and the version at which they were read.
func (db *DB) Repair(ctx context.Context, j civic.JurisdictionID, s civic.Scope) (v int64, lanes [256]civic.Sum, err error) {
	err = within(ctx, db.bulk, j, snapshotRead, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT v FROM scope_head WHERE jurisdiction_id = $1 AND scope = $2`, j, string(s)).Scan(&v); err != nil {
			return orNotFound(err)
		}
		rows, err := tx.Query(ctx, `SELECT report_id, rev FROM membership WHERE jurisdiction_id = $1 AND scope = $2`, j, string(s))
		if err != nil {
			return err
		}
		var id civic.ReportID
		var rev int64
		_, err = pgx.ForEachRow(rows, []any{&id, &rev}, func() error {
			lanes[id[0]] = lanes[id[0]].Add(civic.SumOf(id, rev))
			return nil
		})
		return err
	})
	return v, lanes, err
}

// RepairBucket reads, at one moment, the rows whose ids start with a byte, in id
// order. first is called once with the head before the first row; yield gets a
// page at a time. A slow reader holds a transaction: ctx bounds it.
func (db *DB) RepairBucket(ctx context.Context, j civic.JurisdictionID, s civic.Scope, prefix byte, first func(civic.Head) error, yield func([]civic.Row) error) error {
	return within(ctx, db.bulk, j, snapshotRead, func(tx pgx.Tx) error {
		h, err := readHead(ctx, tx, j, s)
		if err != nil {
			return err
		}
		if err := first(h); err != nil {
			return err
		}
		var after civic.ReportID
		if prefix > 0 {
			after = lastOf(prefix - 1)
		}
		for {
			page, err := members(ctx, tx, j, s, after, lastOf(prefix))
			if err != nil {
				return err
			}
			if len(page) > 0 {
				if err := yield(page); err != nil {
					return err
				}
				after = page[len(page)-1].ID
			}
			if len(page) < snapshotPage {
				return nil
			}
		}
	})
}
