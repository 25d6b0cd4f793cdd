package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// The secret of a report's link and its PIN follow from the report's id and the
// installation's own secret, so that a repeated request gets the same receipt;
// the database holds only what recognises them.

func (db *DB) derive(what string, id civic.ReportID) []byte {
	mac := hmac.New(sha256.New, db.installation.secret)
	mac.Write([]byte(what))
	mac.Write(id[:])
	return mac.Sum(nil)
}

func (db *DB) secretOf(id civic.ReportID) string {
	return base64.RawURLEncoding.EncodeToString(db.derive("link", id)[:20])
}

func (db *DB) pinOf(id civic.ReportID) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(db.derive("pin", id))%1e6)
}

// hashOf recognises a secret or a PIN. It is keyed, so that the million PINs
// cannot be tried against a stolen table.
func (db *DB) hashOf(what, value string, id civic.ReportID) []byte {
	mac := hmac.New(sha256.New, db.installation.secret)
	mac.Write([]byte(what + "-hash\x00" + value + "\x00"))
	mac.Write(id[:])
	return mac.Sum(nil)
}

// queueAccess lets the reporter of a new report back in. Staff need no key.
func (db *DB) queueAccess(batch *pgx.Batch, j civic.JurisdictionID, r *civic.Report, a civic.Actor) {
	if a.Field() {
		return
	}
	batch.Queue(`INSERT INTO report_access (jurisdiction_id, report_id, secret, pin) VALUES ($1, $2, $3, $4)`,
		j, r.ID, db.hashOf("link", db.secretOf(r.ID), r.ID), db.hashOf("pin", db.pinOf(r.ID), r.ID))
}

// Receipt is what the reporter of a report takes home. Only whoever created the
// report may be shown it.
func (db *DB) Receipt(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Receipt, error) {
	receipt := civic.Receipt{Report: id, Secret: db.secretOf(id)}
	var turn int32
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT r.code, coalesce(a.pin_turn, 0) FROM report r
			LEFT JOIN report_access a ON a.jurisdiction_id = r.jurisdiction_id AND a.report_id = r.id
			WHERE r.jurisdiction_id = $1 AND r.id = $2`, j, id).Scan(&receipt.Code, &turn)
	})
	receipt.PIN = db.pinAt(j, id, turn)
	return receipt, orNotFound(err)
}

// OpenBySecret reports whether the secret of a link is the report's.
func (db *DB) OpenBySecret(ctx context.Context, j civic.JurisdictionID, id civic.ReportID, secret string) (bool, error) {
	var stored []byte
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT secret FROM report_access WHERE jurisdiction_id = $1 AND report_id = $2`, j, id).Scan(&stored)
	})
	if err = orNotFound(err); err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(stored, db.hashOf("link", secret, id)) == 1, nil
}
