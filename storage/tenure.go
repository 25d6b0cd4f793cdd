package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// tenures brings the record of who was in which team up to who is in it now: one
// statement, in the transaction that changes a team, and from time to time for what
// an older program has changed. $1 is the town.
const tenures = `
	WITH gone AS (
		UPDATE tenure t SET until = greatest(now(), t.since)
		WHERE t.jurisdiction_id = $1 AND t.until IS NULL AND NOT EXISTS (
			SELECT FROM user_team m WHERE m.jurisdiction_id = $1 AND m.user_id = t.user_id AND m.team_id = t.team_id)
	)
	INSERT INTO tenure (jurisdiction_id, user_id, team_id, since)
	SELECT m.jurisdiction_id, m.user_id, m.team_id, now() FROM user_team m
	WHERE m.jurisdiction_id = $1 AND NOT EXISTS (
		SELECT FROM tenure t WHERE t.jurisdiction_id = $1 AND t.user_id = m.user_id AND t.team_id = m.team_id AND t.until IS NULL)
	ON CONFLICT DO NOTHING`

// sweepTenures forgets times in teams that no late work can be from any more.
func sweepTenures(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, now time.Time) error {
	if _, err := tx.Exec(ctx, tenures, j); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM tenure WHERE jurisdiction_id = $1 AND until < $2`, j, now.AddDate(0, 0, -civic.LateDays))
	return err
}

// tenuresOf reads when people were in teams, by user.
func tenuresOf(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, users []string) (map[civic.UserID][]civic.Tenure, error) {
	rows, err := tx.Query(ctx, `
		SELECT user_id, team_id, since, coalesce(until, '0001-01-01'::timestamptz) FROM tenure
		WHERE jurisdiction_id = $1 AND user_id = ANY($2::text[]::uuid[]) ORDER BY since, team_id`, j, users)
	if err != nil {
		return nil, err
	}
	all := make(map[civic.UserID][]civic.Tenure)
	var user civic.UserID
	var t civic.Tenure
	_, err = pgx.ForEachRow(rows, []any{&user, &t.Team, &t.Since, &t.Until}, func() error {
		t.Since, t.Until = t.Since.UTC(), t.Until.UTC()
		all[user] = append(all[user], t)
		return nil
	})
	return all, err
}
