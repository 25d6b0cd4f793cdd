package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

const updateColumnNames = `id, report_id, rev, at, status, ending, reopens, message_id, photo`

// queueUpdate keeps what the public learns from an edit.
func (w *job) queueUpdate(batch *pgx.Batch, u *civic.Update) {
	if u == nil {
		return
	}
	batch.Queue(`
		INSERT INTO report_update (jurisdiction_id, `+updateColumnNames+`)
		VALUES (@j, @id, @report, @rev, @at, @status, @ending, @reopens, @message, @photo)`,
		pgx.NamedArgs{
			"j": w.j, "id": u.ID, "report": u.Report, "rev": u.Rev, "at": u.At, "status": string(u.Status), "ending": string(u.Ending),
			"reopens": u.Reopens, "message": u.Message, "photo": textOrNull(string(u.Photo)),
		})
}

// updateColumns are rows of news, one array a column.
type updateColumns struct {
	ids, reports, statuses, endings []string
	revs                            []int64
	at                              []time.Time
	reopens                         []bool
	messages, photos                []*string
}

func (c *updateColumns) add(u *civic.Update) {
	if u == nil {
		return
	}
	c.ids, c.reports, c.at = append(c.ids, u.ID.String()), append(c.reports, u.Report.String()), append(c.at, u.At)
	c.revs = append(c.revs, u.Rev)
	c.statuses, c.endings = append(c.statuses, string(u.Status)), append(c.endings, string(u.Ending))
	c.reopens, c.messages = append(c.reopens, u.Reopens), append(c.messages, idOrNull(u.Message))
	c.photos = append(c.photos, textOrNull(string(u.Photo)))
}

func (c *updateColumns) insert(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) error {
	if len(c.ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO report_update (jurisdiction_id, `+updateColumnNames+`)
		SELECT $1, * FROM unnest($2::text[]::uuid[], $3::text[]::uuid[], $4::bigint[], $5::timestamptz[], $6::text[],
			$7::text[], $8::bool[], $9::text[]::uuid[], $10::text[])`,
		j, c.ids, c.reports, c.revs, c.at, c.statuses, c.endings, c.reopens, c.messages, c.photos)
	return err
}

var updatesSQL = `
	SELECT ` + prefixed("u", updateColumnNames) + ` FROM report_update u
	JOIN report r ON r.jurisdiction_id = u.jurisdiction_id AND r.id = u.report_id
	WHERE u.jurisdiction_id = @j AND u.at >= @from AND u.at <= @to
	  AND (r.visible OR r.facets->'source'->>'client' = @client)
	ORDER BY u.at, u.rev, u.id OFFSET @skip LIMIT @limit`

// Updates lists the news published from one instant to another, both included,
// oldest first, after the first skip and at most limit. client sees the news of
// its own reports even where the public sees nothing.
func (db *DB) Updates(ctx context.Context, j civic.JurisdictionID, client string, from, to time.Time, skip, limit int) (list []civic.Update, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, updatesSQL,
			pgx.NamedArgs{"j": j, "from": from, "to": to, "client": client, "skip": skip, "limit": limit})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Update, error) {
			var u civic.Update
			var photo *string
			err := row.Scan(&u.ID, &u.Report, &u.Rev, &u.At, &u.Status, &u.Ending, &u.Reopens, &u.Message, &photo)
			if photo != nil {
				u.Photo = civic.SHA256(*photo)
			}
			u.At = u.At.UTC()
			return u, err
		})
		return err
	})
	return list, err
}
