package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// ExpiredUploads lists uploads whose time is over, whatever became of them.
func (db *DB) ExpiredUploads(ctx context.Context, j civic.JurisdictionID, now time.Time, limit int) ([]civic.UploadID, error) {
	return db.uploadIDs(ctx, j, `SELECT id FROM upload WHERE jurisdiction_id = $1 AND expires <= $2 ORDER BY expires LIMIT $3`, now, limit)
}

// uploadPatience is how long a whole upload may wait for the request that brought
// its end, before another node puts it together.
const uploadPatience = 2 * time.Minute

// StuckUploads lists whole uploads that nobody has put together: a node stopped
// between the last piece and the pipeline.
func (db *DB) StuckUploads(ctx context.Context, j civic.JurisdictionID, now time.Time, limit int) ([]civic.UploadID, error) {
	return db.uploadIDs(ctx, j, `SELECT id FROM upload WHERE jurisdiction_id = $1 AND state = 'open' AND moved <= $2 AND received = bytes
		ORDER BY moved LIMIT $3`, now.Add(-uploadPatience), limit)
}

func (db *DB) uploadIDs(ctx context.Context, j civic.JurisdictionID, sql string, before time.Time, limit int) (list []civic.UploadID, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, j, before, limit)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[civic.UploadID])
		return err
	})
	return list, err
}

// StrayPieces picks those keys of pieces that no upload counts.
func (db *DB) StrayPieces(ctx context.Context, j civic.JurisdictionID, keys []string) (list []string, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT k.key FROM unnest($2::text[]) AS k (key) WHERE NOT EXISTS (
				SELECT FROM upload_piece p WHERE p.jurisdiction_id = $1 AND p.upload_id::text = split_part(k.key, '/', 3) AND p.key = k.key)`, j, keys)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return list, err
}
