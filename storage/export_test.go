package storage

import (
	"context"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// SpotsOf asks the gazetteer about past cases as an import does.
func (db *DB) SpotsOf(ctx context.Context, j civic.JurisdictionID, batch []civic.Past) (list []*civic.Spot, err error) {
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error { return spotPast(ctx, tx, j, batch) })
	for i := range batch {
		list = append(list, batch[i].Edits[0].Minted.Spot)
	}
	return list, err
}

// MigrateTo brings a database up to an older schema, as the program of that time did.
func MigrateTo(version int64) func(ctx context.Context, url string) error {
	return func(ctx context.Context, url string) error { return migrateTo(ctx, url, version) }
}

// URLOf is the address of an open database.
func URLOf(db *DB) string { return db.url }

// Queries are those whose plans must use an index under row security, with
// arguments that stand for what they get in life.
var Queries = map[string]string{
	"nearby":        nearbySQL,
	"places":        placesSQL,
	"written":       writtenSQL,
	"place at":      placeAtSQL,
	"open requests": requestsSQL,
	"updates":       updatesSQL,
	"spots":         spotsSQL,
	"spotless":      spotlessSQL,
}
