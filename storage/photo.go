package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// SavePhoto keeps what is known of bytes that are safe in the bucket, and asks
// the pipeline to look at them, loose ones where a report names them already: else
// the edit that attaches them asks. Saving again says only that somebody has come
// for them just now. from is who brought them, zero for somebody unknown: what they
// have attached waits no more.
func (db *DB) SavePhoto(ctx context.Context, j civic.JurisdictionID, p civic.StoredPhoto, from civic.Sender) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `
			INSERT INTO photo AS p (jurisdiction_id, sha256, mime, bytes, w, h, lon, lat, taken, loose)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (jurisdiction_id, sha256) DO UPDATE SET stored = now(), loose = p.loose AND excluded.loose`,
			j, string(p.SHA256), p.Mime, p.Bytes, p.W, p.H, p.Lon, p.Lat, p.Taken, p.Loose); err != nil {
			return err
		}
		if from != (civic.Sender{}) {
			sender, _ := senderID(from)
			if _, err := tx.Exec(ctx, `INSERT INTO photo_sender (jurisdiction_id, sha256, sender) VALUES ($1, $2, $3)
				ON CONFLICT DO NOTHING`, j, string(p.SHA256), sender); err != nil {
				return err
			}
		}
		if p.Loose { // looking at it costs nothing before a report names it
			var named bool
			err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM attachment WHERE jurisdiction_id = $1 AND sha256 = $2)`,
				j, string(p.SHA256)).Scan(&named)
			if err != nil || !named {
				return err
			}
		}
		_, err := db.queue.client.InsertTx(ctx, tx, photoArgs{j, p.SHA256}, nil)
		return err
	})
}

// Photo reads what is known of an attachment's bytes.
func (db *DB) Photo(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) (p civic.StoredPhoto, err error) {
	p.SHA256 = hash
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT mime, bytes, w, h, lon, lat, taken FROM photo WHERE jurisdiction_id = $1 AND sha256 = $2`,
			j, string(hash)).Scan(&p.Mime, &p.Bytes, &p.W, &p.H, &p.Lon, &p.Lat, &p.Taken)
	})
	return p, orNotFound(err)
}

// BroughtBy reports whether somebody has brought the bytes of a hash, which are here.
func (db *DB) BroughtBy(ctx context.Context, j civic.JurisdictionID, from civic.Sender, hash civic.SHA256) (brought bool, err error) {
	sender, _ := senderID(from)
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM photo_sender WHERE jurisdiction_id = $1 AND sha256 = $2 AND sender = $3)`,
			j, string(hash), sender).Scan(&brought)
	})
	return brought, err
}

// ProveAttachment says that somebody has shown that they have the bytes of what a
// report waits for, which another attached.
func (db *DB) ProveAttachment(ctx context.Context, j civic.JurisdictionID, report civic.ReportID, hash civic.SHA256) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE attachment SET proven = true
			WHERE jurisdiction_id = $1 AND report_id = $2 AND sha256 = $3 AND NOT proven`, j, report, string(hash))
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		_, err = db.queue.client.InsertTx(ctx, tx, photoArgs{j, hash}, nil)
		return err
	})
}

// provenAttachment is true of an attachment a whose bytes came with it, or from
// whoever attached it: knowing a hash is not having the picture.
const provenAttachment = `(a.proven OR EXISTS (
	SELECT FROM photo_sender s WHERE s.jurisdiction_id = a.jurisdiction_id AND s.sha256 = a.sha256 AND (s.sender = a.report_id OR EXISTS (
		SELECT FROM edit e WHERE e.jurisdiction_id = a.jurisdiction_id AND e.report_id = a.report_id AND e.user_id = s.sender
		  AND e.kind = 'attach' AND e.args->>'sha256' = a.sha256 AND e.result->>'status' <> 'refused'))))`

// WaitingFor lists the reports that wait for an attachment's bytes, or that have
// given them up: what comes late is better than nothing. Those who only know the hash
// wait on.
func (db *DB) WaitingFor(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) (list []civic.ReportID, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT a.report_id FROM attachment a
			JOIN report r ON r.jurisdiction_id = a.jurisdiction_id AND r.id = a.report_id
			WHERE a.jurisdiction_id = $1 AND a.sha256 = $2
			  AND (a.waiting OR r.facets->'photos'->$2->>'state' = 'rejected') AND `+provenAttachment+` ORDER BY a.report_id`,
			j, string(hash))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[civic.ReportID])
		return err
	})
	return list, err
}

// ShotDays is how long it is kept at most where and when a photo was taken.
const ShotDays = 30

// sweepShots forgets where and when photos were taken whose reports have their place,
// or that are old.
func sweepShots(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE photo p SET lon = NULL, lat = NULL, taken = NULL
		WHERE p.jurisdiction_id = $1 AND (p.lon IS NOT NULL OR p.taken IS NOT NULL) AND (p.stored < $2 OR (
			EXISTS (SELECT FROM attachment a WHERE a.jurisdiction_id = $1 AND a.sha256 = p.sha256) AND NOT EXISTS (
				SELECT FROM attachment a JOIN report r ON r.jurisdiction_id = a.jurisdiction_id AND r.id = a.report_id
				WHERE a.jurisdiction_id = $1 AND a.sha256 = p.sha256 AND r.point IS NULL)))`,
		j, now.AddDate(0, 0, -ShotDays))
	return err
}

// ForgetPhoto removes what is known of bytes that no report names any more. It
// returns false when one still does: then the bytes stay too.
func (db *DB) ForgetPhoto(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256) (gone bool, err error) {
	return db.forgetPhoto(ctx, j, hash, nil, nil)
}

// forgetPhoto takes an attachment that came before an instant, or a loose one that
// came before another.
func (db *DB) forgetPhoto(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256, before, looseBefore *time.Time) (gone bool, err error) {
	err = within(ctx, db.jobs, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			DELETE FROM photo p WHERE p.jurisdiction_id = $1 AND p.sha256 = $2 AND ($3::timestamptz IS NULL OR p.stored < $3 OR p.loose AND p.stored < $4) AND NOT EXISTS (
				SELECT FROM attachment a WHERE a.jurisdiction_id = $1 AND a.sha256 = $2)`, j, string(hash), before, looseBefore)
		gone = err == nil && tag.RowsAffected() > 0
		return err
	})
	return gone, err
}

// SweepPhoto is ForgetPhoto for bytes that nobody has come for: it leaves those that
// came, or came again, a while ago only.
func (db *DB) SweepPhoto(ctx context.Context, j civic.JurisdictionID, hash civic.SHA256, now time.Time) (gone bool, err error) {
	before, looseBefore := now.Add(-OrphanAfter), now.Add(-LooseAfter)
	return db.forgetPhoto(ctx, j, hash, &before, &looseBefore)
}

// OrphanAfter is how long bytes may wait for the report that names them: a form
// that was begun, a phone that sent its photo first.
const OrphanAfter = 48 * time.Hour

// LooseAfter is how long those of somebody may who has no report yet.
const LooseAfter = 2 * time.Hour

// Orphans lists attachments' bytes that no report names, oldest first.
func (db *DB) Orphans(ctx context.Context, j civic.JurisdictionID, now time.Time, limit int) (list []civic.SHA256, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT p.sha256 FROM photo p WHERE p.jurisdiction_id = $1 AND (p.stored < $2 OR p.loose AND p.stored < $4) AND NOT EXISTS (
				SELECT FROM attachment a WHERE a.jurisdiction_id = $1 AND a.sha256 = p.sha256)
			ORDER BY p.stored LIMIT $3`, j, now.Add(-OrphanAfter), limit, now.Add(-LooseAfter))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[civic.SHA256])
		return err
	})
	return list, err
}

// Rowless picks those hashes of which a town has no row, and for which no report
// waits: a preview may be here before its picture.
func (db *DB) Rowless(ctx context.Context, j civic.JurisdictionID, hashes []civic.SHA256) (list []civic.SHA256, err error) {
	err = within(ctx, db.jobs, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT kept.hash FROM unnest($2::text[]) AS kept (hash) WHERE NOT EXISTS (
				SELECT FROM photo p WHERE p.jurisdiction_id = $1 AND p.sha256 = kept.hash)
			  AND NOT EXISTS (SELECT FROM attachment a WHERE a.jurisdiction_id = $1 AND a.sha256 = kept.hash AND a.waiting)`, j, hashes)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[civic.SHA256])
		return err
	})
	return list, err
}
