package storage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"segnavia/civic"
)

// BrowserMark is what only this installation can say about a person of a town and a
// word.
func (db *DB) BrowserMark(j civic.JurisdictionID, u civic.UserID, word string) string {
	mac := hmac.New(sha256.New, db.installation.secret)
	mac.Write([]byte("browser\x00" + word + "\x00"))
	mac.Write(j[:])
	mac.Write(u[:])
	return hex.EncodeToString(mac.Sum(nil)[:20])
}
