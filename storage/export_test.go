package storage

// URLOf is the address of an open database.
func URLOf(db *DB) string { return db.url }

// Queries are those whose plans must use an index under row security, with
// arguments that stand for what they get in life.
var Queries = map[string]string{
	"nearby":        nearbySQL,
	"places":        placesSQL,
	"place at":      placeAtSQL,
	"open requests": requestsSQL,
	"updates":       updatesSQL,
	"spots":         spotsSQL,
	"spotless":      spotlessSQL,
}
