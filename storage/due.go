package storage

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Due lists what the clock has made due in a town, as edits of the system: cases
// that leave their team, resolved cases to close, attachments that never came,
// at most limit of each.
func (db *DB) Due(ctx context.Context, j civic.JurisdictionID, now time.Time, limit int) ([]civic.Edit, error) {
	var edits []civic.Edit
	err := within(ctx, db.jobs, j, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := sweepSessions(ctx, tx, j); err != nil {
			return err
		}
		if err := errors.Join(sweepTenures(ctx, tx, j, now), sweepPINs(ctx, tx, j, now), sweepShots(ctx, tx, j, now)); err != nil {
			return err
		}
		for _, due := range []struct {
			sql  string
			days int
			kind civic.Kind
			args any
		}{
			{
				`SELECT id, rev FROM report WHERE jurisdiction_id = $1 AND status = 'resolved' AND closed <= $2 ORDER BY closed LIMIT $3`,
				civic.CloseDays, civic.KindTransition,
				civic.TransitionArgs{From: civic.StatusResolved, To: civic.StatusClosed},
			},
			{
				`SELECT id, rev FROM report WHERE jurisdiction_id = $1 AND NOT archived AND closed <= $2 ORDER BY closed LIMIT $3`,
				civic.MembershipDays, civic.KindExpire,
				civic.ExpireArgs{What: "membership"},
			},
			{
				`SELECT a.report_id, max(r.rev) FROM attachment a
				 JOIN report r ON r.jurisdiction_id = a.jurisdiction_id AND r.id = a.report_id
				 WHERE a.jurisdiction_id = $1 AND a.waiting AND a.attached <= $2
				 GROUP BY a.report_id ORDER BY min(a.attached) LIMIT $3`,
				civic.ProofDays, civic.KindExpire,
				civic.ExpireArgs{What: "bytes"},
			},
		} {
			rows, err := tx.Query(ctx, due.sql, j, now.AddDate(0, 0, -due.days), limit)
			if err != nil {
				return err
			}
			var id civic.ReportID
			var rev int64
			if _, err := pgx.ForEachRow(rows, []any{&id, &rev}, func() error {
				edits = append(edits, civic.ClockEdit(db.TownKey(j), id, rev, due.kind, due.args))
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return edits, err
}
