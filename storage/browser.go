package storage

import (
	"encoding/hex"

	"segnavia/civic"
)

// BrowserMark is what only this installation can say about a person of a town and a
// word.
func (db *DB) BrowserMark(j civic.JurisdictionID, u civic.UserID, word string) string {
	return hex.EncodeToString(db.TownKey(j).Sum("browser", u[:], []byte(word))[:20])
}
