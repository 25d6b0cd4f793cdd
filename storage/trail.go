package storage

import (
	"context"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Trails lists pictures of people at work whose originals may still tell where and
// when they were taken, those from before it was taken out of each: by their hashes,
// beyond one.
func (db *DB) Trails(ctx context.Context, j civic.JurisdictionID, after civic.SHA256, limit int) (list []civic.StoredPhoto, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT sha256, mime, bytes FROM photo WHERE jurisdiction_id = $1 AND trail AND sha256 > $3 ORDER BY sha256 LIMIT $2`, j, limit, string(after))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p civic.StoredPhoto, err error) {
			err = row.Scan(&p.SHA256, &p.Mime, &p.Bytes)
			return p, err
		})
		return err
	})
	return list, err
}

// TrailGone notes that an original tells nothing any more.
func (db *DB) TrailGone(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) error {
	return within(ctx, db.jobs, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE photo SET trail = false WHERE jurisdiction_id = $1 AND sha256 = $2`, j, string(hash))
		return err
	})
}
