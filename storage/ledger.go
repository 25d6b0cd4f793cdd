package storage

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Taken reads what an edit took away, for the ledger that outlives the database.
// What covers a picture is kept as hiding it: where, is known to the case alone.
func (db *DB) Taken(ctx context.Context, j civic.JurisdictionID, edit civic.EditID) (t civic.Taken, err error) {
	t = civic.Taken{Jurisdiction: j, Edit: edit}
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		var args []byte
		var covered bool
		if err := tx.QueryRow(ctx, `
			SELECT e.report_id, e.kind, coalesce(e.args, '{}'), e.received,
			       e.kind = 'redact' AND coalesce(r.facets->'photos' ? (e.args->>'id'), false)
			FROM edit e LEFT JOIN report r ON r.jurisdiction_id = e.jurisdiction_id AND r.id = e.report_id
			WHERE e.jurisdiction_id = $1 AND e.id = $2`, j, edit).Scan(&t.Report, &t.Kind, &args, &t.At, &covered); err != nil {
			return err
		}
		t.At = t.At.UTC()
		if err := json.Unmarshal(args, &t.Args); err != nil {
			return err
		}
		if covered {
			t.Kind = civic.KindHide
		}
		if t.Kind == civic.KindHide {
			return nil
		}
		// All of a case, the words of a case, one note or message, one picture.
		rows, err := tx.Query(ctx, `
			SELECT id FROM edit WHERE jurisdiction_id = $1 AND report_id = $2 AND role <> 'system' AND id <> $3 AND received <= $4
			  AND (coalesce($5, '') = '' OR $5 = 'report' AND kind IN ('create', 'set')
			       OR id::text = $6 OR kind = 'attach' AND args->>'sha256' = $6)
			ORDER BY received, id`, j, t.Report, edit, t.At, t.Args.Target, t.Args.ID)
		if err != nil {
			return err
		}
		t.Bars, err = pgx.CollectRows(rows, pgx.RowTo[civic.EditID])
		return err
	})
	return t, orNotFound(err)
}

// HasEdit reports whether an edit is stored.
func (db *DB) HasEdit(ctx context.Context, j civic.JurisdictionID, edit civic.EditID) (has bool, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM edit WHERE jurisdiction_id = $1 AND id = $2)`, j, edit).Scan(&has)
	})
	return has, err
}

// Bar stores an answer for edits that are not here and must not come back: they
// are refused as erased, whatever they say. Those that are here are left alone.
func (db *DB) Bar(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, edits []civic.EditID) error {
	ids := make([]string, len(edits))
	for i, e := range edits {
		ids[i] = e.String()
	}
	result, err := json.Marshal(civic.Answer{
		Result: civic.Result{Status: civic.Refused, Code: civic.CodeErased}, Versions: map[civic.Scope]int64{},
	})
	if err != nil {
		return err
	}
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO edit (jurisdiction_id, id, report_id, kind, digest, result, role, received)
			SELECT $1, b.id::uuid, $2, 'barred', '', $4, 'system', now() FROM unnest($3::text[]) AS b (id)
			ON CONFLICT DO NOTHING`, j, report, ids, result)
		return err
	})
}
