package sync

import (
	"context"
	"time"

	"segnavia/civic"
)

// Grants tells who may follow what.
type Grants interface {
	// Grant reads what a token's device may do now. civic.ErrBadToken means that
	// the token is not to be believed; any other error, to ask again.
	Grant(ctx context.Context, j civic.JurisdictionID, token string, now time.Time) (civic.Grant, error)
	// GrantsOf reads what devices may do now, whatever their tokens: Expires is
	// zero. Those that do not exist are left out.
	GrantsOf(ctx context.Context, j civic.JurisdictionID, devices []civic.DeviceID) (map[civic.DeviceID]civic.Grant, error)
}

// Log reads scopes. Pull gives a civic.Error reset for a cursor that the log no
// longer reaches, civic.ErrNotFound for a scope that does not exist. Behind counts
// the ops after cursors, each up to most.
type Log interface {
	Epoch() string
	Heads(ctx context.Context, j civic.JurisdictionID, scopes []civic.Scope) (map[civic.Scope]civic.Head, error)
	Behind(ctx context.Context, j civic.JurisdictionID, cursors map[civic.Scope]int64, most int) (map[civic.Scope]int, error)
	Pull(ctx context.Context, j civic.JurisdictionID, s civic.Scope, from int64, limit int) (civic.Delta, int64, error)
	Join(ctx context.Context, j civic.JurisdictionID, bodies []civic.Body, who civic.Who) error
}

// Rows reads whole scopes, for first syncs and repairs. first is called once,
// before the first page. A scope that does not exist is civic.ErrNotFound.
type Rows interface {
	Snapshot(ctx context.Context, j civic.JurisdictionID, s civic.Scope, after civic.ReportID,
		first func(civic.Head) error, yield func([]civic.Row) error) (upto int64, err error)
	Repair(ctx context.Context, j civic.JurisdictionID, s civic.Scope) (v int64, lanes [256]civic.Sum, err error)
	RepairBucket(ctx context.Context, j civic.JurisdictionID, s civic.Scope, prefix byte,
		first func(civic.Head) error, yield func([]civic.Row) error) error
}

// Edits takes what clients did.
type Edits interface {
	// Apply decides one edit. Any error means that nothing was changed and that
	// the edit may be sent again.
	Apply(ctx context.Context, j civic.JurisdictionID, e civic.Edit, n int64) (civic.Answer, error)
	Pushed(ctx context.Context, j civic.JurisdictionID, device civic.DeviceID, ids []civic.EditID) (int64, map[civic.EditID]bool, error)
	Skip(ctx context.Context, j civic.JurisdictionID, device civic.DeviceID, n int64) error
}
