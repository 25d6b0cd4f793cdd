package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// What follows from the installation's secret alone, without the town: rows of
// version 1 have it. Nothing new is made here; what was given out goes on working.

func (db *DB) oldSum(what string, rest []byte) []byte {
	mac := hmac.New(sha256.New, db.installation.secret)
	mac.Write([]byte(what))
	mac.Write(rest)
	return mac.Sum(nil)
}

func (db *DB) oldAccessSum(raw []byte) []byte { return db.oldSum("access\x00", raw) }

// isOldDevice is ErrBadToken for a device that never had a token of the old kind.
func (db *DB) isOldDevice(ctx context.Context, j civic.JurisdictionID, d civic.DeviceID) error {
	old := false
	err := within(ctx, db.sync, j, readOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM device WHERE jurisdiction_id = $1 AND id = $2 AND version = 1)`, j, d).Scan(&old)
	})
	if err == nil && !old {
		return ErrBadToken
	}
	return err
}

func (db *DB) oldSubscriptionSecret(id civic.SubscriptionID) string {
	return base64.RawURLEncoding.EncodeToString(db.oldSum("subscription", id[:])[:20])
}

// OldContactName stands for a contact in the ids of wishes that were made before ids
// were keyed.
func (db *DB) OldContactName(report civic.ReportID, contact string) string {
	return db.oldSubscriptionSecret(civic.DeriveID[civic.Subscription](report, "contact:"+contact))
}
