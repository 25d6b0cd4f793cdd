package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"segnavia/civic"
)

// rulesCache keeps each town's rules as of the version that its row names, so
// that an edit reads one number instead of eight tables.
type rulesCache struct {
	mu    sync.Mutex
	towns map[civic.JurisdictionID]cachedRules
}

type cachedRules struct {
	version int64
	rules   *civic.Rules
}

// Rules are the town's rules as they stand.
func (db *DB) Rules(ctx context.Context, j civic.JurisdictionID) (*civic.Rules, error) {
	var version int64
	ctx, cancel := db.app.bounded(ctx)
	defer cancel()
	if err := db.app.QueryRow(ctx, `SELECT rules FROM jurisdiction WHERE id = $1`, j).Scan(&version); err != nil {
		return nil, orBusy(orNotFound(err))
	}
	return db.rulesAt(ctx, j, version)
}

// rulesAt gives the rules of a version at least as new as the one named.
func (db *DB) rulesAt(ctx context.Context, j civic.JurisdictionID, version int64) (*civic.Rules, error) {
	db.rules.mu.Lock()
	cached, ok := db.rules.towns[j]
	db.rules.mu.Unlock()
	if ok && cached.version >= version {
		return cached.rules, nil
	}
	var fresh cachedRules
	err := within(ctx, db.bulk, j, snapshotRead, func(tx pgx.Tx) (err error) {
		fresh, err = loadRules(ctx, tx, j)
		return err
	})
	if err == nil {
		fresh.rules.Key = db.TownKey(j)
	}
	if err != nil {
		return nil, fmt.Errorf("rules of %s: %w", j, err)
	}
	db.rules.mu.Lock()
	defer db.rules.mu.Unlock()
	if db.rules.towns == nil {
		db.rules.towns = make(map[civic.JurisdictionID]cachedRules)
	}
	if db.rules.towns[j].version < fresh.version {
		db.rules.towns[j] = fresh
	}
	return fresh.rules, nil
}

func loadRules(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) (cachedRules, error) {
	c := cachedRules{rules: &civic.Rules{
		Services: make(map[civic.ServiceID]civic.Service),
		Teams:    make(map[civic.TeamID]civic.Team),
		Users:    make(map[civic.UserID]civic.User),
	}}
	var calendar []byte
	var boundary geometry
	err := tx.QueryRow(ctx, `
		SELECT rules, prefix, calendar, coalesce((settings->>'reporter_to_crew')::boolean, false), boundary
		FROM jurisdiction WHERE id = $1`, j).Scan(&c.version, &c.rules.Prefix, &calendar, &c.rules.ReporterToCrew, &boundary)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(calendar, &c.rules.Calendar); err != nil {
		return c, fmt.Errorf("calendar: %w", err)
	}
	if err := c.rules.Calendar.Load(); err != nil {
		return c, fmt.Errorf("calendar: %w", err)
	}
	services, err := listServices(ctx, tx, j)
	if err != nil {
		return c, err
	}
	for _, s := range services {
		c.rules.Services[s.ID] = s
	}
	teams, err := listTeams(ctx, tx, j)
	if err != nil {
		return c, err
	}
	for _, t := range teams {
		c.rules.Teams[t.ID] = t
	}
	users, err := listUsers(ctx, tx, j)
	if err != nil {
		return c, err
	}
	for _, u := range users {
		c.rules.Users[u.ID] = u
	}
	if c.rules.Routes, err = listRoutes(ctx, tx, j); err != nil {
		return c, err
	}
	if c.rules.Reasons, err = listReasons(ctx, tx, j); err != nil {
		return c, err
	}
	areas, err := listAreas(ctx, tx, j)
	if err != nil {
		return c, err
	}
	c.rules.Locate = locator(areas, boundary.Geometry)
	return c, nil
}

// locator finds areas in memory: an edit should not cost a spatial query.
func locator(areas []shapedArea, boundary orb.Geometry) func(civic.Position) (civic.AreaID, bool) {
	var outside civic.AreaID
	var bound orb.Bound
	shaped := areas[:0:0]
	for _, a := range areas {
		if a.Outside {
			outside = a.ID
			continue
		}
		if len(shaped) == 0 {
			bound = a.shape.Bound()
		} else {
			bound = bound.Union(a.shape.Bound())
		}
		a.bound = a.shape.Bound()
		shaped = append(shaped, a)
	}
	if boundary != nil {
		bound = boundary.Bound()
	}
	reach := bound.Pad(civic.NearDegrees)
	return func(p civic.Position) (civic.AreaID, bool) {
		point := orb.Point{p.Lon, p.Lat}
		for _, a := range shaped {
			if a.bound.Contains(point) && planar.MultiPolygonContains(a.shape, point) {
				return a.ID, true
			}
		}
		return outside, bound == (orb.Bound{}) || reach.Contains(point)
	}
}

type shapedArea struct {
	civic.Area
	shape orb.MultiPolygon
	bound orb.Bound
}

func listAreas(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]shapedArea, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, outside, population, shape FROM area WHERE jurisdiction_id = $1 ORDER BY name, id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (shapedArea, error) {
		var a shapedArea
		var g geometry
		if err := row.Scan(&a.ID, &a.Name, &a.Outside, &a.Population, &g); err != nil {
			return a, err
		}
		a.shape, _ = g.Geometry.(orb.MultiPolygon)
		return a, nil
	})
}

func listServices(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.Service, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, code, name, "group", kind, public, contact, description, keywords,
		       first_reply_minutes, resolution_days, checklist, attributes, desk_id, names, confidential
		FROM service WHERE jurisdiction_id = $1 ORDER BY position, name, id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Service, error) {
		var s civic.Service
		var checklist, attributes []byte
		if err := row.Scan(&s.ID, &s.Code, &s.Name, &s.Group, &s.Kind, &s.Public, &s.Contact, &s.Description,
			&s.Keywords, &s.FirstReplyMinutes, &s.ResolutionDays, &checklist, &attributes, &s.Desk, &s.Names, &s.Confidential); err != nil {
			return s, err
		}
		return s, errors.Join(json.Unmarshal(checklist, &s.Checklist), json.Unmarshal(attributes, &s.Attributes))
	})
}

func listTeams(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.Team, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, kind FROM team WHERE jurisdiction_id = $1 ORDER BY name, id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Team, error) {
		var t civic.Team
		return t, row.Scan(&t.ID, &t.Name, &t.Kind)
	})
}

func listDesks(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.Desk, error) {
	rows, err := tx.Query(ctx, `SELECT id, name FROM desk WHERE jurisdiction_id = $1 ORDER BY name, id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Desk, error) {
		var d civic.Desk
		return d, row.Scan(&d.ID, &d.Name)
	})
}

func listRoutes(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.Route, error) {
	rows, err := tx.Query(ctx, `
		SELECT service_id, area_id, desk_id, team_id FROM route WHERE jurisdiction_id = $1 ORDER BY id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Route, error) {
		var r civic.Route
		return r, row.Scan(&r.Service, &r.Area, &r.Desk, &r.Team)
	})
}

// listReasons reads the town's own reasons, which stand nowhere but in its scope.
func listReasons(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.Reason, error) {
	rows, err := tx.Query(ctx, `
		SELECT body FROM town_item WHERE jurisdiction_id = $1 AND body->>'type' = 'reason' ORDER BY id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Reason, error) {
		var r civic.Reason
		var body []byte
		if err := row.Scan(&body); err != nil {
			return r, err
		}
		return r, json.Unmarshal(body, &r)
	})
}

func listUsers(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) ([]civic.User, error) {
	rows, err := tx.Query(ctx, `
		SELECT u.id, u.login, u.name, u.role,
		       ARRAY(SELECT team_id::text FROM user_team t WHERE t.jurisdiction_id = $1 AND t.user_id = u.id ORDER BY 1),
		       ARRAY(SELECT desk_id::text FROM user_desk d WHERE d.jurisdiction_id = $1 AND d.user_id = u.id ORDER BY 1)
		FROM "user" u WHERE u.jurisdiction_id = $1 ORDER BY u.name, u.id`, j)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.User, error) {
		var u civic.User
		var teams, desks []string
		if err := row.Scan(&u.ID, &u.Login, &u.Display, &u.Role, &teams, &desks); err != nil {
			return u, err
		}
		u.Teams, u.Desks = parseIDs[civic.Team](teams), parseIDs[civic.Desk](desks)
		return u, nil
	})
}

// parseIDs reads ids that the database wrote.
func parseIDs[T any](texts []string) []civic.ID[T] {
	ids := make([]civic.ID[T], 0, len(texts))
	for _, t := range texts {
		if id, err := civic.ParseID[T](t); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
