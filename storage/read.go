package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// Report reads a case.
func (db *DB) Report(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (civic.Report, error) {
	return db.oneReport(ctx, j, `id = $2`, id.String())
}

// ReportByCode reads a case by the code that people say.
func (db *DB) ReportByCode(ctx context.Context, j civic.JurisdictionID, code civic.Code) (civic.Report, error) {
	return db.oneReport(ctx, j, `code = $2`, string(code))
}

func (db *DB) oneReport(ctx context.Context, j civic.JurisdictionID, where, arg string) (r civic.Report, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		r, err = scanReport(tx.QueryRow(ctx, `SELECT `+reportColumns+` FROM report WHERE jurisdiction_id = $1 AND `+where, j, arg))
		return err
	})
	return r, orNotFound(err)
}

// maxPage bounds a list.
const maxPage = 500

// Reports lists cases, newest first.
func (db *DB) Reports(ctx context.Context, j civic.JurisdictionID, f civic.Filter) ([]civic.Report, error) {
	where := []string{"jurisdiction_id = @j"}
	args := pgx.NamedArgs{"j": j, "limit": min(max(f.Limit, 1), maxPage)}
	add := func(clause, name string, value any) {
		where = append(where, clause)
		args[name] = value
	}
	switch f.Status {
	case "":
	case "open":
		where = append(where, "closed IS NULL")
	case "closed":
		where = append(where, "closed IS NOT NULL")
	default:
		add("status = @status", "status", f.Status)
	}
	if len(f.Services) > 0 {
		ids := make([]string, len(f.Services))
		for i, s := range f.Services {
			ids[i] = s.String()
		}
		add("service_id = ANY(@services::text[]::uuid[])", "services", ids)
	}
	if !f.Area.IsZero() {
		add("area_id = @area", "area", f.Area)
	}
	if !f.Team.IsZero() {
		add("team_id = @team", "team", f.Team)
	}
	if f.Channel != "" {
		add("channel = @channel", "channel", string(f.Channel))
	}
	if !f.From.IsZero() {
		add("created >= @from", "from", f.From)
	}
	if !f.To.IsZero() {
		add("created < @to", "to", f.To)
	}
	if f.Public {
		where = append(where, publicSQL)
	}
	if !f.After.IsZero() {
		add("(created, id) < (@after, @after_id::uuid)", "after", f.After)
		args["after_id"] = f.AfterID.String()
	}
	return db.listReports(ctx, j, `SELECT `+reportColumns+` FROM report WHERE `+strings.Join(where, " AND ")+`
		ORDER BY created DESC, id DESC LIMIT @limit`, args)
}

func (db *DB) listReports(ctx context.Context, j civic.JurisdictionID, sql string, args ...any) (list []civic.Report, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Report, error) { return scanReport(row) })
		return err
	})
	return list, err
}

// publicSQL chooses what anybody may see. A service that publishes nothing since a
// while ago, or is confidential since then, hides its cases at once, before their rows
// say so.
const publicSQL = `visible AND NOT EXISTS (
	SELECT FROM service s WHERE s.jurisdiction_id = report.jurisdiction_id AND s.id = report.service_id
	AND (s.public = 'never' OR s.confidential))`

const nearbySQL = `
	SELECT ` + reportColumns + ` FROM report
	WHERE jurisdiction_id = $1 AND ` + publicSQL + ` AND closed IS NULL
	  AND ST_DWithin(spot::geography, ST_SetSRID(ST_MakePoint($2, $3), 4326)::geography, $4)
	ORDER BY spot::geography <-> ST_SetSRID(ST_MakePoint($2, $3), 4326)::geography LIMIT $5`

// Nearby lists open public cases within metres of a place, nearest first, by the
// places that the public is told: distances say no more than they do.
func (db *DB) Nearby(ctx context.Context, j civic.JurisdictionID, p civic.Position, metres float64, limit int) ([]civic.Report, error) {
	return db.listReports(ctx, j, nearbySQL, j, p.Lon, p.Lat, metres, min(limit, maxPage))
}

// Texts reads the words of a case's notes and messages, by id.
func (db *DB) Texts(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) (map[civic.EditID]string, error) {
	texts := make(map[civic.EditID]string)
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, text FROM message WHERE jurisdiction_id = $1 AND report_id = $2`, j, id)
		if err != nil {
			return err
		}
		var one civic.EditID
		var text string
		_, err = pgx.ForEachRow(rows, []any{&one, &text}, func() error {
			texts[one] = text
			return nil
		})
		return err
	})
	return texts, err
}

// History lists what happened to a case, oldest first: each edit that changed
// it, with who did it, when it arrived, and when the work was done.
func (db *DB) History(ctx context.Context, j civic.JurisdictionID, id civic.ReportID) ([]civic.Event, error) {
	var list []civic.Event
	err := within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id, kind, args, result, role, user_id, received, made FROM edit
			WHERE jurisdiction_id = $1 AND report_id = $2 AND result->>'status' IN ('applied', 'noticed', 'conflict', 'merged')
			ORDER BY received, rev, id LIMIT 1000`, j, id)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Event, error) {
			var e civic.Event
			var args, result []byte
			var made *time.Time
			if err := row.Scan(&e.ID, &e.Kind, &args, &result, &e.Role, &e.User, &e.At, &made); err != nil {
				return e, err
			}
			e.At, e.Made, e.Args = e.At.UTC(), utc(made), json.RawMessage(args)
			return e, json.Unmarshal(result, &e.Result)
		})
		return err
	})
	return list, err
}

// Towns lists the towns of this installation as requests need them: who they
// are, where they lie, what can be reported.
func (db *DB) Towns(ctx context.Context) ([]civic.TownSite, error) {
	ctx, cancel := db.app.bounded(ctx)
	defer cancel()
	rows, err := db.app.Query(ctx, `
		SELECT j.id, j.slug, j.name, j.prefix, j.locale, j.zone, j.settings,
		       ARRAY(SELECT host FROM jurisdiction_host h WHERE h.jurisdiction_id = j.id ORDER BY host)
		FROM jurisdiction j ORDER BY j.slug`)
	if err != nil {
		return nil, err
	}
	towns, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.TownSite, error) {
		var t civic.TownSite
		var settings []byte
		if err := row.Scan(&t.ID, &t.Slug, &t.Name, &t.Prefix, &t.Locale, &t.Zone, &settings, &t.Hosts); err != nil {
			return t, err
		}
		return t, json.Unmarshal(settings, &t.Settings)
	})
	if err != nil {
		return nil, err
	}
	for i := range towns {
		if err := db.fillTown(ctx, &towns[i]); err != nil {
			return nil, fmt.Errorf("town %s: %w", towns[i].Slug, err)
		}
	}
	return towns, nil
}

func (db *DB) fillTown(ctx context.Context, t *civic.TownSite) error {
	return within(ctx, db.app, t.ID, readOnly, func(tx pgx.Tx) error {
		areas, err := listAreas(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		for _, a := range areas {
			t.Areas = append(t.Areas, a.Area)
			if len(a.shape) == 0 {
				continue
			}
			b := a.shape.Bound()
			if t.Bounds == ([4]float64{}) {
				t.Bounds = [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
				continue
			}
			t.Bounds = [4]float64{
				min(t.Bounds[0], b.Min[0]), min(t.Bounds[1], b.Min[1]), max(t.Bounds[2], b.Max[0]), max(t.Bounds[3], b.Max[1]),
			}
		}
		if t.Services, err = listServices(ctx, tx, t.ID); err != nil {
			return err
		}
		if t.Teams, err = listTeams(ctx, tx, t.ID); err != nil {
			return err
		}
		t.Desks, err = listDesks(ctx, tx, t.ID)
		return err
	})
}
