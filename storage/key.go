package storage

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// keyMark starts every key, so that people and scanners of code know one.
const keyMark = "segnavia_"

const keyColumns = `id, name, prefix, scopes, created, expires, revoked`

// AddAPIKey makes a key for another program and gives it in clear, for the only
// time: the database keeps its hash. It is 256 random bits and more behind a
// prefix of its own.
func (db *DB) AddAPIKey(ctx context.Context, j civic.JurisdictionID, name string, scopes []string, expires time.Time) (key string, k civic.APIKey, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", k, err
	}
	prefix := keyMark + strings.ToLower(rand.Text()[:6])
	key = prefix + "_" + strings.ToLower(rand.Text()+rand.Text())
	err = within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		k, err = scanKey(tx.QueryRow(ctx, `
			INSERT INTO api_key (jurisdiction_id, id, name, prefix, hash, scopes, expires)
			VALUES (@j, @id, @name, @prefix, @hash, @scopes, @expires) RETURNING `+keyColumns,
			pgx.NamedArgs{
				"j": j, "id": civic.ID[civic.APIKey](id), "name": name, "prefix": prefix, "hash": hashToken(key),
				"scopes": scopes, "expires": expires,
			}))
		return err
	})
	return key, k, err
}

// APIKey finds a key of the town, whether it still opens anything or not.
// ErrNotFound says that there is none.
func (db *DB) APIKey(ctx context.Context, j civic.JurisdictionID, key string) (k civic.APIKey, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		k, err = scanKey(tx.QueryRow(ctx, `SELECT `+keyColumns+` FROM api_key WHERE jurisdiction_id = $1 AND hash = $2`, j, hashToken(key)))
		return err
	})
	return k, orNotFound(err)
}

// APIKeys lists a town's keys, newest first.
func (db *DB) APIKeys(ctx context.Context, j civic.JurisdictionID) (list []civic.APIKey, err error) {
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+keyColumns+` FROM api_key WHERE jurisdiction_id = $1 ORDER BY created DESC, id LIMIT 1000`, j)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.APIKey, error) { return scanKey(row) })
		return err
	})
	return list, err
}

// RevokeAPIKey ends a key, named by its prefix or its id. Ending one twice is no
// error; ErrNotFound says that the town has none such.
func (db *DB) RevokeAPIKey(ctx context.Context, j civic.JurisdictionID, name string) (k civic.APIKey, err error) {
	err = within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		k, err = scanKey(tx.QueryRow(ctx, `
			UPDATE api_key SET revoked = coalesce(revoked, now()) WHERE jurisdiction_id = $1 AND (prefix = $2 OR id::text = $2)
			RETURNING `+keyColumns, j, name))
		return err
	})
	return k, orNotFound(err)
}

func scanKey(row pgx.Row) (k civic.APIKey, err error) {
	var revoked *time.Time
	err = row.Scan(&k.ID, &k.Name, &k.Prefix, &k.Scopes, &k.Created, &k.Expires, &revoked)
	k.Created, k.Expires, k.Revoked = k.Created.UTC(), k.Expires.UTC(), utc(revoked)
	return k, err
}
