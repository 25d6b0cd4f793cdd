package storage

import (
	"context"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Checked is what a comparison of the tables with the log found and mended.
type Checked struct {
	Scopes  int // scopes with a head
	Members int // members that the tables hold
	Ops     int // ops that the log lacked, and now has
	Heads   int // heads whose count or sum was wrong, and now is right
}

// checkPage is how many reports are compared at once.
const checkPage = 1000

// CheckLog compares each report with the scopes that hold it, emits what is
// missing, and recomputes counts and sums: after a data migration, or when
// somebody has changed tables by hand. It may run while the town works.
func (db *DB) CheckLog(ctx context.Context, j civic.JurisdictionID) (Checked, error) {
	var found Checked
	var after civic.ReportID
	for {
		n, ops, last, err := db.checkReports(ctx, j, after)
		if err != nil {
			return found, err
		}
		found.Ops += ops
		if n == 0 {
			break
		}
		after = last
	}
	var versions map[civic.Scope]int64
	err := within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) (err error) {
		ops, err := strays(ctx, tx, j)
		if err != nil {
			return err
		}
		found.Ops += len(ops)
		if versions, err = emitMany(ctx, tx, j, ops); err != nil {
			return err
		}
		return checkHeads(ctx, tx, j, &found)
	})
	if err == nil {
		db.wake(j, versions)
	}
	return found, err
}

// checkReports compares one page of reports, in id order.
func (db *DB) checkReports(ctx context.Context, j civic.JurisdictionID, after civic.ReportID) (n, emitted int, last civic.ReportID, err error) {
	var versions map[civic.Scope]int64
	err = within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+reportColumns+` FROM report
			WHERE jurisdiction_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR UPDATE`, j, [16]byte(after), checkPage)
		if err != nil {
			return err
		}
		reports, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Report, error) { return scanReport(row) })
		if err != nil || len(reports) == 0 {
			return err
		}
		n, last = len(reports), reports[len(reports)-1].ID
		var ops []civic.ScopedOp
		for i := range reports {
			r := &reports[i]
			rows, err := tx.Query(ctx, `SELECT scope, rev FROM membership WHERE jurisdiction_id = $1 AND report_id = $2`, j, r.ID)
			if err != nil {
				return err
			}
			held, err := collectRevs(rows)
			if err != nil {
				return err
			}
			for _, op := range civic.Emit(r, r, held, civic.EditID{}, "", false) {
				if op.Was != r.Rev || op.Kind == civic.OpLeave {
					ops = append(ops, op)
				}
			}
		}
		emitted = len(ops)
		if err := ensureHeads(ctx, tx, j, ops); err != nil {
			return err
		}
		versions, err = emitMany(ctx, tx, j, ops)
		return err
	})
	if err == nil {
		db.wake(j, versions)
	}
	return n, emitted, last, err
}

// checkHeads recomputes what each head says of its members.
func checkHeads(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, found *Checked) error {
	rows, err := tx.Query(ctx, `
		SELECT scope, v, min_v, n, sum_a, sum_b FROM scope_head WHERE jurisdiction_id = $1 ORDER BY scope FOR UPDATE`, j)
	if err != nil {
		return err
	}
	list, err := pgx.CollectRows(rows, scanHead)
	if err != nil {
		return err
	}
	wrong := make(map[civic.Scope]civic.Head)
	for _, h := range list {
		truth := civic.Head{Scope: h.Scope, V: h.V, Min: h.Min}
		rows, err := tx.Query(ctx, `SELECT report_id, rev FROM membership WHERE jurisdiction_id = $1 AND scope = $2`, j, string(h.Scope))
		if err != nil {
			return err
		}
		var id civic.ReportID
		var rev int64
		if _, err := pgx.ForEachRow(rows, []any{&id, &rev}, func() error {
			truth.N++
			truth.Sum = truth.Sum.Add(civic.SumOf(id, rev))
			return nil
		}); err != nil {
			return err
		}
		found.Scopes++
		found.Members += int(truth.N)
		if truth != h {
			wrong[h.Scope] = truth
		}
	}
	found.Heads = len(wrong)
	return saveHeads(ctx, tx, j, wrong)
}

// strays are members whose report is no longer there, which leave, and things of
// the town that its scope lacks, which enter.
func strays(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.ScopedOp, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.scope, 'leave', m.report_id, m.rev + 1, NULL::jsonb, m.rev FROM membership m
		WHERE m.jurisdiction_id = $1 AND m.scope NOT LIKE 'town:%'
		  AND NOT EXISTS (SELECT FROM report r WHERE r.jurisdiction_id = $1 AND r.id = m.report_id)
		UNION ALL
		SELECT 'town:' || $1::text, 'enter', t.id, t.rev, t.body, 0 FROM town_item t
		WHERE t.jurisdiction_id = $1
		  AND NOT EXISTS (SELECT FROM membership m WHERE m.jurisdiction_id = $1 AND m.report_id = t.id AND m.scope LIKE 'town:%')
		ORDER BY 1, 3`, j)
	if err != nil {
		return nil, err
	}
	ops, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.ScopedOp, error) {
		var op civic.ScopedOp
		var body []byte
		err := row.Scan(&op.Scope, &op.Kind, &op.ID, &op.Rev, &body, &op.Was)
		op.Body = body
		if op.Kind == civic.OpLeave {
			op.Why = "erased"
		}
		return op, err
	})
	if err != nil {
		return nil, err
	}
	return ops, ensureHeads(ctx, tx, j, ops)
}

// ensureHeads makes the heads that ops need and that somebody has lost, where the
// log ends.
func ensureHeads(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, ops []civic.ScopedOp) error {
	scopes := make([]string, len(ops))
	for i, op := range ops {
		scopes[i] = string(op.Scope)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO scope_head (jurisdiction_id, scope, v)
		SELECT $1, s, coalesce((SELECT max(l.v) FROM scope_log l WHERE l.jurisdiction_id = $1 AND l.scope = s), 0)
		FROM unnest($2::text[]) s GROUP BY s ORDER BY s ON CONFLICT DO NOTHING`, j, scopes)
	return err
}
