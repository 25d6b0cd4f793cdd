package storage

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

const uploadColumns = `id, CASE WHEN staff THEN sender END, CASE WHEN NOT staff THEN sender END, report_id,
	coalesce(sha256, ''), bytes, received, metadata, state, code, expires`

func scanUpload(row pgx.CollectableRow) (u civic.Upload, err error) {
	err = row.Scan(&u.ID, &u.Sender.User, &u.Sender.Report, &u.Report, &u.Hash, &u.Bytes, &u.Received,
		&u.Metadata, &u.State, &u.Code, &u.Expires)
	return u, err
}

// senderID is the one id of a sender that is set.
func senderID(s civic.Sender) (id string, staff bool) {
	if s.User.IsZero() {
		return s.Report.String(), false
	}
	return s.User.String(), true
}

// BeginUpload makes an upload, or gives the one that the sender has begun for the
// same hash: a creation whose answer was lost does not begin anew. Bytes that are
// here already, attached by this sender, are done at once. Errors: civic.CodeLimit
// (the report is full), "too_many_uploads" (the sender has too much on its way),
// ErrBusy (the town has).
func (db *DB) BeginUpload(ctx context.Context, j civic.JurisdictionID, u civic.Upload, now time.Time) (civic.Upload, error) {
	sender, staff := senderID(u.Sender)
	u.State, u.Expires = civic.UploadOpen, now.AddDate(0, 0, civic.UploadDays)
	err := within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		// One at a time for a sender, so that nobody begins past the bound.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 15))`, sender); err != nil {
			return err
		}
		begun, err := begunUpload(ctx, tx, j, u, now)
		if err == nil {
			u = begun
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err := roomForUpload(ctx, tx, j, u); err != nil {
			return err
		}
		had, err := attachedHere(ctx, tx, j, u.Sender, u.Hash)
		if err != nil {
			return err
		}
		if had {
			u.State, u.Received = civic.UploadDone, u.Bytes
		}
		_, err = tx.Exec(ctx, `INSERT INTO upload (jurisdiction_id, id, sender, staff, report_id, sha256, bytes, received, metadata, state, expires)
			VALUES (@town, @id, @sender, @staff, @report, nullif(@hash, ''), @bytes, @received, @metadata, @state, @expires)`, pgx.NamedArgs{
			"town": j, "id": u.ID, "sender": sender, "staff": staff, "report": u.Report, "hash": string(u.Hash),
			"bytes": u.Bytes, "received": u.Received, "metadata": u.Metadata, "state": u.State, "expires": u.Expires,
		})
		return err
	})
	return u, err
}

func begunUpload(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, u civic.Upload, now time.Time) (civic.Upload, error) {
	sender, staff := senderID(u.Sender)
	rows, err := tx.Query(ctx, `SELECT `+uploadColumns+` FROM upload WHERE jurisdiction_id = $1 AND sender = $2 AND staff = $3
		AND sha256 = $4 AND bytes = $5 AND expires > $6 AND (state <> 'done' OR EXISTS (
			SELECT FROM photo_sender p WHERE p.jurisdiction_id = $1 AND p.sha256 = $4 AND p.sender = $2)) ORDER BY id LIMIT 1`,
		j, sender, staff, string(u.Hash), u.Bytes, now)
	if err != nil {
		return u, err
	}
	return pgx.CollectExactlyOneRow(rows, scanUpload)
}

// roomForUpload counts what the report holds and what is on its way.
func roomForUpload(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, u civic.Upload) error {
	sender, _ := senderID(u.Sender)
	var mine, open, known, all, held int64
	err := tx.QueryRow(ctx, `
		SELECT mine.bytes, mine.open, mine.known,
		       (SELECT coalesce(sum(bytes), 0) FROM upload WHERE jurisdiction_id = $1 AND state = 'open'),
		       (SELECT count(DISTINCT hash) FROM (
		            SELECT sha256 FROM attachment WHERE jurisdiction_id = $1 AND report_id = $3
		            UNION ALL
		            SELECT coalesce(sha256, id::text) FROM upload WHERE jurisdiction_id = $1 AND sender = $2 AND report_id = $3 AND state = 'open'
		        ) AS held (hash) WHERE hash <> $4)
		FROM (SELECT coalesce(sum(bytes) FILTER (WHERE state = 'open'), 0) AS bytes, count(*) FILTER (WHERE state = 'open') AS open, count(*) AS known
		      FROM upload WHERE jurisdiction_id = $1 AND sender = $2) AS mine`,
		j, sender, u.Report, string(u.Hash)).Scan(&mine, &open, &known, &all, &held)
	switch {
	case err != nil:
		return err
	case held >= civic.MaxAttachments:
		return civic.Refuse(civic.CodeLimit, "field", "photos", "max", civic.MaxAttachments)
	case mine+u.Bytes > civic.MaxSenderUnfinished, open >= civic.MaxSenderOpen, known >= civic.MaxSenderUploads:
		return civic.Refuse("too_many_uploads")
	case all+u.Bytes > civic.MaxTownUnfinished:
		return ErrBusy
	}
	return nil
}

// Upload reads an upload, or gives ErrNotFound.
func (db *DB) Upload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) (u civic.Upload, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+uploadColumns+` FROM upload WHERE jurisdiction_id = $1 AND id = $2`, j, id)
		if err != nil {
			return err
		}
		u, err = pgx.CollectExactlyOneRow(rows, scanUpload)
		return err
	})
	return u, orNotFound(err)
}

// AddPieces notes pieces that lie in the bucket, in order and without a gap. They
// count only where the first begins at what was received so far; else another
// request was quicker, and the error is "upload_offset".
func (db *DB) AddPieces(ctx context.Context, j civic.JurisdictionID, id civic.UploadID, pieces []civic.Piece) error {
	from := pieces[0].At
	to := from
	at, sizes, keys := make([]int64, len(pieces)), make([]int64, len(pieces)), make([]string, len(pieces))
	for i, p := range pieces {
		at[i], sizes[i], keys[i] = p.At, p.Bytes, p.Key
		to += p.Bytes
	}
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE upload SET received = $4, moved = now(), pieces = pieces + $5
			WHERE jurisdiction_id = $1 AND id = $2 AND received = $3 AND state = 'open' AND pieces + $5 <= $6`,
			j, id, from, to, len(pieces), civic.MaxPieces)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return whyNotAdded(ctx, tx, j, id, len(pieces))
		}
		_, err = tx.Exec(ctx, `INSERT INTO upload_piece (jurisdiction_id, upload_id, at, bytes, key)
			SELECT $1, $2, p.at, p.bytes, p.key FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS p (at, bytes, key)`,
			j, id, at, sizes, keys)
		return err
	})
}

func whyNotAdded(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, id civic.UploadID, more int) error {
	var pieces int
	err := tx.QueryRow(ctx, `SELECT pieces FROM upload WHERE jurisdiction_id = $1 AND id = $2`, j, id).Scan(&pieces)
	switch {
	case err != nil:
		return orNotFound(err)
	case pieces+more > civic.MaxPieces:
		return civic.Refuse("too_many_uploads")
	}
	return civic.Refuse("upload_offset")
}

// Pieces lists the pieces of an upload in their order.
func (db *DB) Pieces(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) (list []civic.Piece, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT at, bytes, key FROM upload_piece WHERE jurisdiction_id = $1 AND upload_id = $2 ORDER BY at`, j, id)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[civic.Piece])
		return err
	})
	return list, err
}

// FinishUpload notes what became of a whole upload, and forgets its pieces. One
// that is not open any more is left as it is.
func (db *DB) FinishUpload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID, state, code string) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE upload SET state = $3, code = $4, moved = now()
			WHERE jurisdiction_id = $1 AND id = $2 AND state = 'open'`, j, id, state, code)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM upload_piece WHERE jurisdiction_id = $1 AND upload_id = $2`, j, id)
		return err
	})
}

// EndUpload forgets an upload, its pieces with it; one that is gone is no error.
func (db *DB) EndUpload(ctx context.Context, j civic.JurisdictionID, id civic.UploadID) error {
	return within(ctx, db.app, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM upload WHERE jurisdiction_id = $1 AND id = $2`, j, id)
		return err
	})
}

// HasAttached reports whether the bytes of a hash are here and were attached by
// this sender, to a report that still holds them and waits no more for their bytes. Of
// others' hashes nothing is told.
func (db *DB) HasAttached(ctx context.Context, j civic.JurisdictionID, s civic.Sender, hash civic.SHA256) (has bool, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		has, err = attachedHere(ctx, tx, j, s, hash)
		return err
	})
	return has, err
}

// AwaitsFrom reports whether a report waits for bytes that this sender attached and
// that nobody has brought.
func (db *DB) AwaitsFrom(ctx context.Context, j civic.JurisdictionID, s civic.Sender, hash civic.SHA256) (awaits bool, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM photo WHERE jurisdiction_id = $1 AND sha256 = $2) AND EXISTS (
			SELECT FROM attachment a JOIN edit e ON e.jurisdiction_id = a.jurisdiction_id AND e.report_id = a.report_id
			WHERE a.jurisdiction_id = $1 AND a.sha256 = $2 AND a.waiting AND e.user_id = $3
			  AND e.kind = 'attach' AND e.args->>'sha256' = $2 AND e.result->>'status' <> 'refused')`,
			j, string(hash), s.User).Scan(&awaits)
	})
	return awaits, err
}

func attachedHere(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, s civic.Sender, hash civic.SHA256) (has bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (
		SELECT FROM photo p JOIN attachment a ON a.jurisdiction_id = p.jurisdiction_id AND a.sha256 = p.sha256
		WHERE p.jurisdiction_id = $1 AND p.sha256 = $2 AND `+provenAttachment+` AND (a.report_id = $4 OR EXISTS (
			SELECT FROM edit e WHERE e.jurisdiction_id = $1 AND e.report_id = a.report_id AND e.user_id = $3
			  AND e.kind = 'attach' AND e.args->>'sha256' = $2 AND e.result->>'status' <> 'refused')))`,
		j, string(hash), s.User, s.Report).Scan(&has)
	return has, err
}
