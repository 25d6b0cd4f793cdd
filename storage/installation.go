package storage

import (
	"context"
	"errors"
)

// ErrRealTown says that a database holds a real town, where a demonstration has
// no business.
var ErrRealTown = errors.New("this database holds a real town; the demonstration needs one of its own")

// BecomeDemo marks an empty installation as a demonstration. fill says that it is
// still to be filled: it was never begun, or it was cut off before DemoBuilt.
// ErrRealTown says that it is somebody's.
func (db *DB) BecomeDemo(ctx context.Context) (fill bool, err error) {
	var kind string
	var built bool
	var towns int
	err = db.bulk.QueryRow(ctx, `SELECT kind, built, (SELECT count(*) FROM jurisdiction) FROM installation`).
		Scan(&kind, &built, &towns)
	switch {
	case err != nil:
		return false, err
	case kind == "demo":
		return !built, nil
	case towns > 0:
		return false, ErrRealTown
	}
	_, err = db.bulk.Exec(ctx, `UPDATE installation SET kind = 'demo'`)
	return true, err
}

// DemoBuilt notes that the demonstration is whole.
func (db *DB) DemoBuilt(ctx context.Context) error {
	_, err := db.bulk.Exec(ctx, `UPDATE installation SET built = true`)
	return err
}
