package storage

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"segnavia/civic"
)

// visibilityArgs ask to settle what the map shows of services whose publication
// changed.
type visibilityArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
}

// Kind names the job in the queue.
func (visibilityArgs) Kind() string { return "visibility" }

// queueVisibility puts the job beside a blueprint that changes what a service
// publishes between something and nothing.
func (q *queue) queueVisibility(ctx context.Context, tx pgx.Tx, b *civic.Blueprint) error {
	rows, err := tx.Query(ctx, `SELECT id, public, confidential FROM service WHERE jurisdiction_id = $1`, b.ID)
	if err != nil {
		return err
	}
	type shown struct{ public, confidential bool }
	was := make(map[civic.ServiceID]shown)
	var id civic.ServiceID
	var public civic.Publication
	var confidential bool
	if _, err := pgx.ForEachRow(rows, []any{&id, &public, &confidential}, func() error {
		was[id] = shown{public != civic.PublishNever, confidential}
		return nil
	}); err != nil {
		return err
	}
	for _, s := range b.Services {
		if before, known := was[s.ID]; known && before != (shown{s.Public != civic.PublishNever, s.Confidential}) {
			_, err := q.client.InsertTx(ctx, tx, visibilityArgs{b.ID}, nil)
			return err
		}
	}
	return nil
}

// settledAtOnce bounds one run of the job; what is left is another run's.
const settledAtOnce = 2000

// unsettledSQL finds cases that the map shows although their service publishes
// nothing, and those that it hides for no reason of their own.
const unsettledSQL = `
	SELECT r.id, r.rev FROM service s
	JOIN report r ON r.jurisdiction_id = s.jurisdiction_id AND r.service_id = s.id
	WHERE s.jurisdiction_id = $1 AND (s.confidential <> coalesce((r.facets ->> 'confidential')::boolean, false)
	  OR r.visible <> (s.public <> 'never' AND NOT s.confidential AND r.point IS NOT NULL
	  AND NOT coalesce((r.facets ->> 'hidden')::boolean, false) AND NOT coalesce((r.facets ->> 'erased')::boolean, false)))
	ORDER BY r.id LIMIT $2`

// SettleVisibility makes the edits of the clock that bring the map in line with
// what the services publish now. more says that there is more to do.
func (db *DB) SettleVisibility(ctx context.Context, j civic.JurisdictionID) (more bool, err error) {
	type unsettled struct {
		ID  uuid.UUID
		Rev int64
	}
	var list []unsettled
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, unsettledSQL, j, settledAtOnce)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[unsettled])
		return err
	})
	for _, r := range list {
		e := civic.ClockEdit(db.TownKey(j), civic.ReportID(r.ID), r.Rev, civic.KindExpire, civic.ExpireArgs{What: "visibility"})
		_, one := db.Apply(ctx, j, e, 0)
		err = errors.Join(err, one)
	}
	return len(list) == settledAtOnce, err
}

func (db *DB) workVisibility(ctx context.Context, job *river.Job[visibilityArgs]) error {
	more, err := db.SettleVisibility(ctx, job.Args.Jurisdiction)
	if err == nil && more {
		return river.JobSnooze(time.Second)
	}
	return err
}
