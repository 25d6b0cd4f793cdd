package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// SaveUser adds a person to a town, or gives one that is there another name, role,
// teams and desks, and tells the town: scope. The password stays as it was. A
// login that is somebody else's is a *civic.Error.
func (db *DB) SaveUser(ctx context.Context, j civic.JurisdictionID, u civic.User) error {
	var versions map[civic.Scope]int64
	err := within(ctx, db.bulk, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM "user" WHERE jurisdiction_id = $1 AND login = $2 AND id <> $3)`,
			j, u.Login, u.ID).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return civic.Refuse(civic.CodeIDTaken, "field", "login")
		}
		one := &civic.Blueprint{Jurisdiction: civic.Jurisdiction{ID: j}, Users: []civic.User{u}}
		batch := &pgx.Batch{}
		queueUser(batch, j, u)
		batch.Queue(tenures, j)
		queueHeads(batch, one)
		batch.Queue(`UPDATE jurisdiction SET rules = rules + 1 WHERE id = $1`, j)
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		var err error
		versions, err = saveTownItems(ctx, tx, one)
		return err
	})
	if err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	db.wake(j, versions)
	return nil
}
