package storage

import (
	"context"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// RemoteMedia lists the addresses of the pictures that are still to be fetched
// for a report.
func (db *DB) RemoteMedia(ctx context.Context, j civic.JurisdictionID, report civic.ReportID) (list []civic.RemoteMedia, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, url FROM remote_media WHERE jurisdiction_id = $1 AND report_id = $2 ORDER BY id LIMIT 100`, j, report)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.RemoteMedia, error) {
			m := civic.RemoteMedia{Report: report}
			return m, row.Scan(&m.ID, &m.URL)
		})
		return err
	})
	return list, err
}

// ForgetMedia removes the address of a picture that was fetched, or that never
// will be.
func (db *DB) ForgetMedia(ctx context.Context, j civic.JurisdictionID, id civic.ID[civic.RemoteMedia]) error {
	return within(ctx, db.jobs, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM remote_media WHERE jurisdiction_id = $1 AND id = $2`, j, id)
		return err
	})
}
