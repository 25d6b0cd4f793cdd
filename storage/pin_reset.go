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
	var turn int32
	err := tx.QueryRow(ctx, `SELECT pin_turn + 1 FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2 FOR UPDATE`,
		w.j, w.edit.Report).Scan(&turn)
	if err != nil {
		return ignoreNoRows(err) // a case of the field's own has no PIN
	}
	id := w.edit.Report
	batch := &pgx.Batch{}
	batch.Queue(`UPDATE report_access SET pin = $3, pin_turn = $4, tries = 0 WHERE jurisdiction_id = $1 AND report_id = $2`,
		w.j, id, db.hashOf("pin", db.pinAt(w.j, id, turn), id), turn)
	batch.Queue(`DELETE FROM pin_try WHERE jurisdiction_id = $1 AND subject = $2`, w.j, id)
	batch.Queue(`UPDATE pin_place SET failures = 0 WHERE jurisdiction_id = $1 AND report_id = $2`, w.j, id)
	return tx.SendBatch(ctx, batch).Close()
}

// PIN is a report's PIN as it is now, to be read aloud by whoever has just renewed
// it. ErrNotFound says that the report has none.
func (db *DB) PIN(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (pin string, err error) {
	var turn int32
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT pin_turn FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2`, j, id).Scan(&turn)
	})
	return db.pinAt(j, id, turn), orNotFound(err)
}
