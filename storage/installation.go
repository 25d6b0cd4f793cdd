package storage

import (
	"context"
	"errors"
)

// ErrRealTown says that a database holds a real town, where a demonstration has
// no business.
var ErrRealTown = errors.New("this database holds a real town; the demonstration needs one of its own")

// BecomeDemo marks an empty installation as a demonstration. fresh says that it
// holds no town yet; ErrRealTown that it is somebody's.
func (db *DB) BecomeDemo(ctx context.Context) (fresh bool, err error) {
	var kind string
	var towns int
	err = db.bulk.QueryRow(ctx, `SELECT kind, (SELECT count(*) FROM jurisdiction) FROM installation`).Scan(&kind, &towns)
	switch {
	case err != nil:
		return false, err
	case kind == "demo":
		return towns == 0, nil
	case towns > 0:
		return false, ErrRealTown
	}
	_, err = db.bulk.Exec(ctx, `UPDATE installation SET kind = 'demo'`)
	return true, err
}
