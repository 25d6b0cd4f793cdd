package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// requestsSQL lists public reports by the instant that the public is told of
// their arrival: the very second for those that another program made, and
// publishes itself, else the beginning of the day ($4: the town's zone).
const requestsSQL = `
	SELECT ` + reportColumns + ` FROM report
	WHERE jurisdiction_id = @j AND ` + publicSQL + `
	  AND created >= @from AND created < @until
	  AND CASE WHEN channel = 'open311' THEN created ELSE date_trunc('day', created AT TIME ZONE @zone) AT TIME ZONE @zone END
	      BETWEEN @from AND @to
	  AND (@services::text[] IS NULL OR service_id = ANY(@services::text[]::uuid[]))
	  AND (@open::boolean IS NULL OR (closed IS NULL) = @open)
	ORDER BY created DESC, id DESC OFFSET @skip LIMIT @limit`

// OpenRequests lists the public reports of a query of GeoReport v2, newest first.
func (db *DB) OpenRequests(ctx context.Context, j civic.JurisdictionID, q civic.RequestQuery) ([]civic.Report, error) {
	var services []string
	for _, s := range q.Services {
		services = append(services, s.String())
	}
	return db.listReports(ctx, j, requestsSQL, pgx.NamedArgs{
		"j": j, "from": q.From, "to": q.To, "until": q.To.Add(26 * time.Hour), "zone": q.Zone,
		"services": services, "open": q.Open, "skip": q.Skip, "limit": q.Limit,
	})
}

// ReportsByCode reads the cases of some codes; those that nobody knows are left
// out.
func (db *DB) ReportsByCode(ctx context.Context, j civic.JurisdictionID, codes []civic.Code) ([]civic.Report, error) {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = string(c)
	}
	return db.listReports(ctx, j, `SELECT `+reportColumns+` FROM report WHERE jurisdiction_id = $1 AND code = ANY($2)
		ORDER BY created DESC, id DESC`, j, texts)
}

// ReportsByID reads some cases; those that do not exist are left out.
func (db *DB) ReportsByID(ctx context.Context, j civic.JurisdictionID, ids []civic.ReportID) ([]civic.Report, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return db.listReports(ctx, j, `SELECT `+reportColumns+` FROM report WHERE jurisdiction_id = $1 AND id = ANY($2::text[]::uuid[])`, j, texts)
}

// MessageTexts reads the words of some messages, by id.
func (db *DB) MessageTexts(ctx context.Context, j civic.JurisdictionID, ids []civic.MessageID) (map[civic.MessageID]string, error) {
	texts, names := make(map[civic.MessageID]string, len(ids)), make([]string, len(ids))
	for i, id := range ids {
		names[i] = id.String()
	}
	if len(ids) == 0 {
		return texts, nil
	}
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, text FROM message
			WHERE jurisdiction_id = $1 AND id = ANY($2::text[]::uuid[]) AND kind = 'message'`, j, names)
		if err != nil {
			return err
		}
		var id civic.MessageID
		var text string
		_, err = pgx.ForEachRow(rows, []any{&id, &text}, func() error {
			texts[id] = text
			return nil
		})
		return err
	})
	return texts, err
}
