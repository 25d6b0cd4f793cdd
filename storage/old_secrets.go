package storage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

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

func (db *DB) oldSubscriptionSecret(id civic.SubscriptionID) string {
	return base64.RawURLEncoding.EncodeToString(db.oldSum("subscription", id[:])[:20])
}

// OldContactName stands for a contact in the ids of wishes that were made before ids
// were keyed.
func (db *DB) OldContactName(report civic.ReportID, contact string) string {
	return db.oldSubscriptionSecret(civic.DeriveID[civic.Subscription](report, "contact:"+contact))
}
