package storage

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// reportColumnsOf are rows of reports, one array a column.
type reportColumnsOf struct {
	ids, codes, services, channels, statuses, titles, descriptions []string
	addresses, priorities, facets                                  []string
	revs                                                           []int64
	lons, lats, spotLons, spotLats                                 []*float64
	streets                                                        []string
	areas, desks, teams, users, owners, ways                       []*string
	hazards, visibles, textPublics, archiveds                      []bool
	created, closed, firstReplies, resolutions, replied            []*time.Time
}

func (c *reportColumnsOf) add(r *civic.Report) error {
	facets, err := json.Marshal(r.Facets)
	if err != nil {
		return err
	}
	var lon, lat, spotLon, spotLat *float64
	street := ""
	var way *string
	if r.Position != nil {
		lon, lat = &r.Lon, &r.Lat
	}
	if r.Spot != nil {
		spotLon, spotLat, street = &r.Spot.Lon, &r.Spot.Lat, r.Spot.Street
		way = idOrNull(r.Spot.Way)
	}
	c.spotLons, c.spotLats, c.streets = append(c.spotLons, spotLon), append(c.spotLats, spotLat), append(c.streets, street)
	c.ways = append(c.ways, way)
	c.ids, c.codes, c.services = append(c.ids, r.ID.String()), append(c.codes, string(r.Code)), append(c.services, r.Service.String())
	c.channels, c.statuses = append(c.channels, string(r.Channel)), append(c.statuses, string(r.Status))
	c.titles, c.descriptions = append(c.titles, r.Title), append(c.descriptions, r.Description)
	c.addresses, c.priorities, c.facets = append(c.addresses, r.Address), append(c.priorities, string(r.Priority)), append(c.facets, string(facets))
	c.revs, c.lons, c.lats = append(c.revs, r.Rev), append(c.lons, lon), append(c.lats, lat)
	c.areas, c.desks, c.teams = append(c.areas, idOrNull(r.Area)), append(c.desks, idOrNull(r.Desk)), append(c.teams, idOrNull(r.Team))
	c.users, c.owners = append(c.users, idOrNull(r.User)), append(c.owners, idOrNull(r.Owner))
	c.hazards, c.visibles = append(c.hazards, r.Hazard), append(c.visibles, r.Visible)
	c.textPublics, c.archiveds = append(c.textPublics, r.TextPublic), append(c.archiveds, r.Archived)
	c.created, c.closed, c.replied = append(c.created, orNull(r.Created)), append(c.closed, orNull(r.Closed)), append(c.replied, orNull(r.Replied))
	c.firstReplies = append(c.firstReplies, orNull(r.Deadlines.FirstReply))
	c.resolutions = append(c.resolutions, orNull(r.Deadlines.Resolution))
	return nil
}

func (c *reportColumnsOf) insert(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO report (jurisdiction_id, id, rev, code, service_id, channel, status, title, description, point, address,
			area_id, desk_id, team_id, user_id, owner_id, priority, hazard, visible, text_public, archived,
			created, closed, first_reply_due, resolution_due, replied, facets, spot, spot_street, spot_way)
		SELECT $1, id, rev, code, service, channel, status, title, description,
			CASE WHEN lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END, address,
			area, desk, team, usr, owner, priority, hazard, visible, text_public, archived,
			created, closed, first_reply, resolution, replied, facets,
			CASE WHEN spot_lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(spot_lon, spot_lat), 4326) END, street, way
		FROM unnest($2::text[]::uuid[], $3::bigint[], $4::text[], $5::text[]::uuid[], $6::text[], $7::text[], $8::text[],
			$9::text[], $10::float8[], $11::float8[], $12::text[], $13::text[]::uuid[], $14::text[]::uuid[],
			$15::text[]::uuid[], $16::text[]::uuid[], $17::text[]::uuid[], $18::text[], $19::bool[], $20::bool[],
			$21::bool[], $22::bool[], $23::timestamptz[], $24::timestamptz[], $25::timestamptz[], $26::timestamptz[],
			$27::timestamptz[], $28::text[]::jsonb[], $29::float8[], $30::float8[], $31::text[], $32::text[]::uuid[])
		AS r(id, rev, code, service, channel, status, title, description, lon, lat, address, area, desk, team, usr, owner,
			priority, hazard, visible, text_public, archived, created, closed, first_reply, resolution, replied, facets,
			spot_lon, spot_lat, street, way)`,
		j, c.ids, c.revs, c.codes, c.services, c.channels, c.statuses, c.titles, c.descriptions, c.lons, c.lats, c.addresses,
		c.areas, c.desks, c.teams, c.users, c.owners, c.priorities, c.hazards, c.visibles, c.textPublics, c.archiveds,
		c.created, c.closed, c.firstReplies, c.resolutions, c.replied, c.facets, c.spotLons, c.spotLats, c.streets, c.ways)
	return err
}
