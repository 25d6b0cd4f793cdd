package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// AskErasure keeps a reporter's wish that their data be taken away. Asking again
// changes nothing: the first request's deadline holds and is given back.
func (db *DB) AskErasure(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, asked time.Time) (e civic.Erasure, err error) {
	err = within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO erasure_request (jurisdiction_id, report_id, asked, due) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, j, report, asked, civic.ErasureDue(asked))
		return err
	})
	if err != nil {
		return e, err
	}
	return db.Erasure(ctx, j, report)
}

// Erasure reads the request about a report; without one it is civic.ErrNotFound.
func (db *DB) Erasure(ctx context.Context, j civic.JurisdictionID, report civic.ReportID) (e civic.Erasure, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT asked, due FROM erasure_request WHERE jurisdiction_id = $1 AND report_id = $2`,
			j, report).Scan(&e.Asked, &e.Due)
	})
	return e, orNotFound(err)
}
