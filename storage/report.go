package storage

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"segnavia/civic"
)

// reportColumns are the columns of a report in the order that scanReport reads
// and saveReport writes.
const reportColumns = `id, rev, code, service_id, channel, status, title, description,
	point, spot, spot_street, spot_way, address, area_id, desk_id, team_id, user_id, owner_id, priority, hazard, visible,
	created, closed, first_reply_due, resolution_due, replied, facets`

// scanReport reads the columns of reportColumns, and nothing beside them.
func scanReport(row pgx.Row) (civic.Report, error) {
	var r civic.Report
	var point, spot geometry
	var told civic.Spot
	var closed, firstReply, resolution, replied *time.Time
	var facets []byte
	err := row.Scan(&r.ID, &r.Rev, &r.Code, &r.Service, &r.Channel, &r.Status, &r.Title, &r.Description,
		&point, &spot, &told.Street, &told.Way, &r.Address, &r.Area, &r.Desk, &r.Team, &r.User, &r.Owner, &r.Priority, &r.Hazard, &r.Visible,
		&r.Created, &closed, &firstReply, &resolution, &replied, &facets)
	if err != nil {
		return r, err
	}
	if p, ok := point.Geometry.(orb.Point); ok {
		r.Position = &civic.Position{Lon: p.Lon(), Lat: p.Lat()}
	}
	if p, ok := spot.Geometry.(orb.Point); ok {
		told.Position = civic.Position{Lon: p.Lon(), Lat: p.Lat()}
		r.Spot = &told
	}
	r.Created = r.Created.UTC()
	r.Closed, r.Replied = utc(closed), utc(replied)
	r.Deadlines = civic.Deadlines{FirstReply: utc(firstReply), Resolution: utc(resolution)}
	if err := json.Unmarshal(facets, &r.Facets); err != nil {
		return r, fmt.Errorf("facets of report %s: %w", r.ID, err)
	}
	return r, nil
}

const insertReport = `
	INSERT INTO report (jurisdiction_id, ` + reportColumns + `, text_public, archived)
	VALUES (@j, @id, @rev, @code, @service, @channel, @status, @title, @description,
		@point, @spot, @spot_street, @spot_way, @address, @area, @desk, @team, @user, @owner, @priority, @hazard, @visible,
		@created, @closed, @first_reply, @resolution, @replied, @facets, @text_public, @archived)`

const updateReport = `
	UPDATE report SET rev = @rev, service_id = @service, status = @status, title = @title,
		description = @description, point = @point, spot = @spot, spot_street = @spot_street, spot_way = @spot_way, address = @address, area_id = @area,
		desk_id = @desk, team_id = @team, user_id = @user, owner_id = @owner, priority = @priority,
		hazard = @hazard, visible = @visible, closed = @closed, first_reply_due = @first_reply,
		resolution_due = @resolution, replied = @replied, facets = @facets,
		text_public = @text_public, archived = @archived
	WHERE jurisdiction_id = @j AND id = @id`

func reportArgs(j civic.JurisdictionID, r *civic.Report) (pgx.NamedArgs, error) {
	facets, err := json.Marshal(r.Facets)
	if err != nil {
		return nil, fmt.Errorf("facets of report %s: %w", r.ID, err)
	}
	spot, told := spotOf(r)
	return pgx.NamedArgs{
		"j": j, "id": r.ID, "rev": r.Rev, "code": r.Code, "service": r.Service, "channel": r.Channel,
		"status": r.Status, "title": r.Title, "description": r.Description, "point": pointOf(r), "spot": spot, "spot_street": told.Street, "spot_way": told.Way,
		"address": r.Address, "area": r.Area, "desk": r.Desk, "team": r.Team, "user": r.User,
		"owner": r.Owner, "priority": r.Priority, "hazard": r.Hazard, "visible": r.Visible,
		"created": r.Created, "closed": orNull(r.Closed), "first_reply": orNull(r.Deadlines.FirstReply),
		"resolution": orNull(r.Deadlines.Resolution), "replied": orNull(r.Replied), "facets": facets,
		"text_public": r.TextPublic, "archived": r.Archived,
	}, nil
}

func pointOf(r *civic.Report) geometry {
	if r.Position == nil {
		return geometry{}
	}
	return geometry{orb.Point{r.Lon, r.Lat}}
}

func spotOf(r *civic.Report) (geometry, civic.Spot) {
	if r.Spot == nil {
		return geometry{}, civic.Spot{}
	}
	return geometry{orb.Point{r.Spot.Lon, r.Spot.Lat}}, *r.Spot
}

func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// prefixed qualifies a list of columns with the name of a table.
func prefixed(table, columns string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		names[i] = table + "." + strings.TrimSpace(n)
	}
	return strings.Join(names, ", ")
}
