package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"segnavia/civic"
)

// SaveTown writes a town as its blueprint describes it, new or changed, in one
// transaction, and tells the town: scope what changed. What the blueprint no
// longer names stays, since reports refer to it. Doing it twice changes nothing.
func (db *DB) SaveTown(ctx context.Context, b *civic.Blueprint) error {
	var versions map[civic.Scope]int64
	err := within(ctx, db.bulk, b.ID, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := saveJurisdiction(ctx, tx, b); err != nil {
			return err
		}
		if err := db.queue.queueVisibility(ctx, tx, b); err != nil {
			return err
		}
		if len(b.Features) > 0 {
			if err := db.queue.queueSpots(ctx, tx, b.ID); err != nil {
				return err
			}
		}
		batch := &pgx.Batch{}
		if err := queueTown(batch, b); err != nil {
			return err
		}
		queueHeads(batch, b)
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		var err error
		versions, err = saveTownItems(ctx, tx, b)
		return err
	})
	if err != nil {
		return fmt.Errorf("save town %s: %w", b.Slug, err)
	}
	db.wake(b.ID, versions)
	return nil
}

func saveJurisdiction(ctx context.Context, tx pgx.Tx, b *civic.Blueprint) error {
	calendar, err := json.Marshal(b.Calendar)
	if err != nil {
		return err
	}
	settings, err := json.Marshal(b.Settings)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO jurisdiction (id, slug, name, prefix, locale, zone, calendar, settings)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, prefix = excluded.prefix,
			locale = excluded.locale, zone = excluded.zone, calendar = excluded.calendar,
			settings = excluded.settings, rules = jurisdiction.rules + 1`,
		b.ID, b.Slug, b.Name, b.Prefix, b.Locale, b.Zone, calendar, settings); err != nil {
		return err
	}
	for _, host := range b.Hosts {
		if _, err := tx.Exec(ctx, `
			INSERT INTO jurisdiction_host (host, jurisdiction_id) VALUES ($1, $2)
			ON CONFLICT (host) DO UPDATE SET jurisdiction_id = excluded.jurisdiction_id`, host, b.ID); err != nil {
			return err
		}
	}
	return nil
}

func queueTown(batch *pgx.Batch, b *civic.Blueprint) error {
	for _, a := range b.Areas {
		shape, err := multiPolygon(a.Shape)
		if err != nil {
			return fmt.Errorf("area %s: %w", a.Name, err)
		}
		batch.Queue(`
			INSERT INTO area (jurisdiction_id, id, name, outside, population, shape)
			VALUES (@j, @id, @name, @outside, @population, @shape)
			ON CONFLICT (jurisdiction_id, id) DO UPDATE SET name = excluded.name, population = excluded.population,
				shape = excluded.shape`,
			pgx.NamedArgs{
				"j": b.ID, "id": a.ID, "name": a.Name, "outside": a.Outside,
				"population": a.Population, "shape": shape,
			})
	}
	for _, d := range b.Desks {
		batch.Queue(`
			INSERT INTO desk (jurisdiction_id, id, name) VALUES ($1, $2, $3)
			ON CONFLICT (jurisdiction_id, id) DO UPDATE SET name = excluded.name`, b.ID, d.ID, d.Name)
	}
	for _, t := range b.Teams {
		batch.Queue(`
			INSERT INTO team (jurisdiction_id, id, name, kind) VALUES ($1, $2, $3, $4)
			ON CONFLICT (jurisdiction_id, id) DO UPDATE SET name = excluded.name, kind = excluded.kind`,
			b.ID, t.ID, t.Name, t.Kind)
	}
	for i, s := range b.Services {
		checklist, err := json.Marshal(append([]civic.ChecklistEntry{}, s.Checklist...))
		if err != nil {
			return err
		}
		for _, a := range s.Attributes {
			if !a.Valid() {
				return fmt.Errorf("service %s: question %s cannot be asked", s.Code, a.Code)
			}
		}
		attributes, err := json.Marshal(append([]civic.Attribute{}, s.Attributes...))
		if err != nil {
			return err
		}
		names := s.Names
		if names == nil {
			names = map[string]string{}
		}
		batch.Queue(`
			INSERT INTO service (jurisdiction_id, id, code, name, "group", kind, public, contact, description,
				keywords, first_reply_minutes, resolution_days, checklist, attributes, desk_id, position, names, confidential)
			VALUES (@j, @id, @code, @name, @group, @kind, @public, @contact, @description,
				@keywords, @first, @days, @checklist, @attributes, @desk, @position, @names, @confidential)
			ON CONFLICT (jurisdiction_id, id) DO UPDATE SET code = excluded.code, name = excluded.name,
				"group" = excluded."group", kind = excluded.kind, public = excluded.public,
				contact = excluded.contact, description = excluded.description, keywords = excluded.keywords,
				first_reply_minutes = excluded.first_reply_minutes, resolution_days = excluded.resolution_days,
				checklist = excluded.checklist, attributes = excluded.attributes, desk_id = excluded.desk_id, position = excluded.position, names = excluded.names, confidential = excluded.confidential`,
			pgx.NamedArgs{
				"j": b.ID, "id": s.ID, "code": s.Code, "name": s.Name, "names": names, "group": s.Group, "kind": s.Kind,
				"public": s.Public, "contact": s.Contact, "description": s.Description,
				"keywords": append([]string{}, s.Keywords...), "first": s.FirstReplyMinutes,
				"days": s.ResolutionDays, "checklist": checklist, "attributes": attributes, "desk": s.Desk, "position": i, "confidential": s.Confidential,
			})
	}
	for _, u := range b.Users {
		queueUser(batch, b.ID, u)
	}
	batch.Queue(tenures, b.ID)
	for i, r := range b.Routes {
		batch.Queue(`
			INSERT INTO route (jurisdiction_id, id, service_id, area_id, desk_id, team_id)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (jurisdiction_id, id) DO UPDATE SET service_id = excluded.service_id,
				area_id = excluded.area_id, desk_id = excluded.desk_id, team_id = excluded.team_id`,
			b.ID, civic.DeriveID[civic.Route](b.ID, fmt.Sprintf("route:%d", i)), r.Service, r.Area, r.Desk, r.Team)
	}
	return queueFeatures(batch, b)
}

func queueFeatures(batch *pgx.Batch, b *civic.Blueprint) error {
	for i, f := range b.Features {
		g, err := geojson.UnmarshalGeometry(f.Shape)
		if err != nil {
			return fmt.Errorf("feature %s: %w", f.Name, err)
		}
		batch.Queue(`
			INSERT INTO street (jurisdiction_id, id, kind, name, class, shape) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (jurisdiction_id, id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
				class = excluded.class, shape = excluded.shape`,
			b.ID, civic.DeriveID[civic.Feature](b.ID, fmt.Sprintf("feature:%d", i)), f.Kind, f.Name, f.Class,
			geometry{g.Geometry()})
	}
	return nil
}

func queueUser(batch *pgx.Batch, j civic.JurisdictionID, u civic.User) {
	batch.Queue(`
		INSERT INTO "user" (jurisdiction_id, id, login, name, role) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (jurisdiction_id, id) DO UPDATE SET login = excluded.login, name = excluded.name,
			role = excluded.role, changed = now()
		WHERE ("user".login, "user".name, "user".role) IS DISTINCT FROM (excluded.login, excluded.name, excluded.role)`, j, u.ID, u.Login, u.Display, u.Role)
	batch.Queue(`DELETE FROM user_team WHERE jurisdiction_id = $1 AND user_id = $2`, j, u.ID)
	batch.Queue(`DELETE FROM user_desk WHERE jurisdiction_id = $1 AND user_id = $2`, j, u.ID)
	for _, t := range u.Teams {
		batch.Queue(`INSERT INTO user_team (jurisdiction_id, user_id, team_id) VALUES ($1, $2, $3)`, j, u.ID, t)
	}
	for _, d := range u.Desks {
		batch.Queue(`INSERT INTO user_desk (jurisdiction_id, user_id, desk_id) VALUES ($1, $2, $3)`, j, u.ID, d)
	}
}

// queueHeads makes the head of each scope beforehand, in sorted order, so that
// an edit only ever updates heads.
func queueHeads(batch *pgx.Batch, b *civic.Blueprint) {
	scopes := []string{string(civic.ScopeOf(civic.ScopeTown, b.ID))}
	for _, a := range b.Areas {
		scopes = append(scopes, string(civic.ScopeOf(civic.ScopeArea, a.ID)))
	}
	for _, d := range b.Desks {
		scopes = append(scopes, string(civic.ScopeOf(civic.ScopeDesk, d.ID)))
	}
	for _, t := range b.Teams {
		scopes = append(scopes, string(civic.ScopeOf(civic.ScopeTeam, t.ID)))
	}
	for _, u := range b.Users {
		scopes = append(scopes, string(civic.ScopeOf(civic.ScopeOwn, u.ID)))
	}
	batch.Queue(`
		INSERT INTO scope_head (jurisdiction_id, scope)
		SELECT $1, s FROM unnest($2::text[]) s ORDER BY s ON CONFLICT DO NOTHING`, b.ID, scopes)
}

// townItems are the rows of the town: scope.
func townItems(b *civic.Blueprint) map[civic.ReportID]any {
	items := make(map[civic.ReportID]any)
	type kind struct {
		Type string `json:"type"`
	}
	for _, s := range b.Services {
		items[civic.ReportID(s.ID)] = struct {
			kind
			civic.Service
		}{kind{"service"}, s}
	}
	for _, d := range b.Desks {
		items[civic.ReportID(d.ID)] = struct {
			kind
			civic.Desk
		}{kind{"desk"}, d}
	}
	for _, t := range b.Teams {
		items[civic.ReportID(t.ID)] = struct {
			kind
			civic.Team
		}{kind{"team"}, t}
	}
	for _, a := range b.Areas {
		items[civic.ReportID(a.ID)] = struct {
			kind
			civic.Area
		}{kind{"area"}, a.Area}
	}
	for _, u := range b.Users {
		items[civic.ReportID(u.ID)] = struct {
			kind
			ID   civic.UserID `json:"id"`
			Name string       `json:"name"`
			Role civic.Role   `json:"role"`
		}{kind{"person"}, u.ID, u.Display, u.Role}
	}
	for _, r := range b.Reasons {
		items[civic.ReportID(r.ID)] = struct {
			kind
			civic.Reason
		}{kind{"reason"}, r}
	}
	return items
}

// saveTownItems writes the rows of the town: scope that changed and their ops.
func saveTownItems(ctx context.Context, tx pgx.Tx, b *civic.Blueprint) (map[civic.Scope]int64, error) {
	scope := civic.ScopeOf(civic.ScopeTown, b.ID)
	var ops []civic.ScopedOp
	for id, body := range townItems(b) {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		var was, rev int64
		err = tx.QueryRow(ctx, `
			WITH old AS (SELECT rev, body FROM town_item WHERE jurisdiction_id = $1 AND id = $2),
			put AS (
				INSERT INTO town_item (jurisdiction_id, id, rev, body)
				SELECT $1, $2, coalesce((SELECT rev FROM old), 0) + 1, $3
				WHERE $3::jsonb IS DISTINCT FROM (SELECT body FROM old)
				ON CONFLICT (jurisdiction_id, id) DO UPDATE SET rev = excluded.rev, body = excluded.body
				RETURNING rev)
			SELECT coalesce((SELECT rev FROM old), 0), coalesce((SELECT rev FROM put), 0)`,
			b.ID, id, raw).Scan(&was, &rev)
		if err != nil {
			return nil, err
		}
		if rev > 0 {
			ops = append(ops, civic.ScopedOp{Scope: scope, Was: was, Op: civic.Op{
				Kind: civic.OpEnter, ID: id, Rev: rev, Body: raw,
			}})
		}
	}
	return emitMany(ctx, tx, b.ID, ops)
}

// multiPolygon reads a GeoJSON Polygon or MultiPolygon; empty input is NULL.
func multiPolygon(raw []byte) (geometry, error) {
	if len(raw) == 0 {
		return geometry{}, nil
	}
	g, err := geojson.UnmarshalGeometry(raw)
	if err != nil {
		return geometry{}, err
	}
	switch shape := g.Geometry().(type) {
	case orb.Polygon:
		return geometry{orb.MultiPolygon{shape}}, nil
	case orb.MultiPolygon:
		return geometry{shape}, nil
	default:
		return geometry{}, fmt.Errorf("a %s is no surface", shape.GeoJSONType())
	}
}
