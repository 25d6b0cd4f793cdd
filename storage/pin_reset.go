package storage

import (
	"context"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// renewPIN gives a report another PIN where the edit that asks for it was applied.
// Wrong tries at the old one count no more; the link stays as it is.
func (w *job) renewPIN(ctx context.Context, tx pgx.Tx, db *DB) error {
	if w.edit.Kind != civic.KindPIN {
		return nil
	}
	a := db.accessOf(w.j, w.edit.Report)
	err := tx.QueryRow(ctx, `SELECT `+accessColumns+` FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2 FOR UPDATE`,
		w.j, w.edit.Report).Scan(a.fields()...)
	if err != nil {
		return ignoreNoRows(err) // a case of the field's own has no PIN
	}
	id := w.edit.Report
	a.turn++
	batch := &pgx.Batch{}
	batch.Queue(`UPDATE report_access SET pin = $3, pin_turn = $4, tries = 0 WHERE jurisdiction_id = $1 AND report_id = $2`,
		w.j, id, a.hashOf("pin", a.pin()), a.turn)
	batch.Queue(`DELETE FROM pin_try WHERE jurisdiction_id = $1 AND subject = $2`, w.j, id)
	batch.Queue(`UPDATE pin_place SET failures = 0 WHERE jurisdiction_id = $1 AND report_id = $2`, w.j, id)
	return tx.SendBatch(ctx, batch).Close()
}
