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

// spotsSQL gives for each place ($2, $3, in order) the nearest point of the
// nearest named street within about 60 m, and that street's name; else only the
// name of the street of the nearest house number. Distances are Mercator's,
// which keeps angles: five streets nearest in degrees are compared.
const spotsSQL = `
	SELECT p.lon, p.lat, ST_X(way.at), ST_Y(way.at), coalesce(way.name, door.name, '')
	FROM unnest($2::float8[], $3::float8[]) WITH ORDINALITY AS p(lon, lat, n)
	LEFT JOIN LATERAL (
		SELECT near.name, ST_Transform(ST_ClosestPoint(near.line, near.here), 4326) AS at FROM (
			SELECT name, ST_Transform(shape, 3857) AS line, ST_Transform(ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), 3857) AS here
			FROM street WHERE jurisdiction_id = $1 AND kind = 'street' AND name <> '' AND ST_Dimension(shape) = 1
			  AND shape && ST_Expand(ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), 0.0008)
			ORDER BY shape <-> ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) LIMIT 5) near
		WHERE ST_Distance(near.line, near.here) * cos(radians(p.lat)) <= 60
		ORDER BY ST_Distance(near.line, near.here), near.name LIMIT 1) way ON true
	LEFT JOIN LATERAL (
		SELECT street AS name FROM address
		WHERE jurisdiction_id = $1 AND way.at IS NULL
		  AND point && ST_Expand(ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), 0.0007)
		ORDER BY point <-> ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) LIMIT 1) door ON true
	ORDER BY p.n`

// scanSpots reads the rows of spotsSQL.
func scanSpots(rows pgx.Rows) ([]*civic.Spot, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*civic.Spot, error) {
		var p civic.Position
		var lon, lat *float64
		var street string
		if err := row.Scan(&p.Lon, &p.Lat, &lon, &lat, &street); err != nil {
			return nil, err
		}
		spot := civic.OnGrid(p)
		if lon != nil && lat != nil {
			spot.Position = civic.Position{Lon: *lon, Lat: *lat}.Rounded()
		}
		spot.Street = street
		return &spot, nil
	})
}

// spots asks the gazetteer about places, in their order.
func spots(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, at []civic.Position) ([]*civic.Spot, error) {
	if len(at) == 0 {
		return nil, nil
	}
	lons, lats := make([]float64, len(at)), make([]float64, len(at))
	for i, p := range at {
		lons[i], lats[i] = p.Lon, p.Lat
	}
	rows, err := tx.Query(ctx, spotsSQL, j, lons, lats)
	if err != nil {
		return nil, err
	}
	return scanSpots(rows)
}

// queueSpot asks about the place of the edit, where it has one.
func (w *job) queueSpot(batch *pgx.Batch) {
	at, ok := w.edit.Place()
	if !ok {
		return
	}
	batch.Queue(spotsSQL, w.j, []float64{at.Lon}, []float64{at.Lat}).Query(func(rows pgx.Rows) error {
		list, err := scanSpots(rows)
		if err == nil && len(list) == 1 {
			w.edit.Minted.Spot = list[0]
		}
		return err
	})
}

// spotPast asks about every place of a batch of past cases and tells the edits.
func spotPast(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, batch []civic.Past) error {
	var at []civic.Position
	var whose []*civic.Edit
	for i := range batch {
		for k := range batch[i].Edits {
			e := &batch[i].Edits[k].Edit
			if p, ok := e.Place(); ok {
				at, whose = append(at, p), append(whose, e)
			}
		}
	}
	found, err := spots(ctx, tx, j, at)
	for i, spot := range found {
		whose[i].Minted.Spot = spot
	}
	return err
}

// spotsArgs ask to bring the public places of a town's cases in line with its
// streets, from a case on.
type spotsArgs struct {
	Jurisdiction civic.JurisdictionID `json:"jurisdiction"`
	After        civic.ReportID       `json:"after,omitzero"`
}

// Kind names the job in the queue.
func (spotsArgs) Kind() string { return "spots" }

// queueSpots puts the job beside a change of the town's streets.
func (q *queue) queueSpots(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID) error {
	_, err := q.client.InsertTx(ctx, tx, spotsArgs{Jurisdiction: j}, nil)
	return err
}

// spotPage is how many cases are compared with the streets at once.
const spotPage = 500

// SettleSpots makes the edits of the clock that bring the public places of one
// page of cases in line with the streets, in the order of ids after an id;
// onlyNew looks at cases whose place has never been looked up. It returns the
// last id that it looked at, zero when there are no more.
func (db *DB) SettleSpots(ctx context.Context, j civic.JurisdictionID, after civic.ReportID, onlyNew bool) (last civic.ReportID, err error) {
	var cases []placedCase
	var found []*civic.Spot
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error {
		if cases, err = placed(ctx, tx, j, after, onlyNew); err != nil {
			return err
		}
		at := make([]civic.Position, len(cases))
		for i, c := range cases {
			at[i] = c.at
		}
		found, err = spots(ctx, tx, j, at)
		return err
	})
	if err != nil {
		return last, err
	}
	for i, c := range cases {
		if c.spot != nil && *c.spot == *found[i] {
			continue
		}
		e := civic.ClockEdit(db.TownKey(j), c.id, c.rev, civic.KindExpire, civic.ExpireArgs{What: "spot"})
		e.Minted.Spot = found[i]
		_, one := db.Apply(ctx, j, e, 0)
		err = errors.Join(err, one)
	}
	if len(cases) == spotPage {
		last = cases[spotPage-1].id
	}
	return last, err
}

const placedSQL = `
	SELECT id, rev, ST_X(point), ST_Y(point), ST_X(spot), ST_Y(spot), spot_street FROM report
	WHERE jurisdiction_id = $1 AND id > $2 AND point IS NOT NULL ORDER BY id LIMIT $3`

const spotlessSQL = `
	SELECT id, rev, ST_X(point), ST_Y(point), ST_X(spot), ST_Y(spot), spot_street FROM report
	WHERE jurisdiction_id = $1 AND id > $2 AND point IS NOT NULL AND spot IS NULL ORDER BY id LIMIT $3`

// placedCase is a case with its place and the spot that it has, if any.
type placedCase struct {
	id   civic.ReportID
	rev  int64
	at   civic.Position
	spot *civic.Spot
}

func placed(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, after civic.ReportID, onlyNew bool) ([]placedCase, error) {
	sql := placedSQL
	if onlyNew {
		sql = spotlessSQL
	}
	rows, err := tx.Query(ctx, sql, j, uuid.UUID(after), spotPage)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c placedCase, err error) {
		var lon, lat *float64
		var street string
		err = row.Scan(&c.id, &c.rev, &c.at.Lon, &c.at.Lat, &lon, &lat, &street)
		if lon != nil && lat != nil {
			c.spot = &civic.Spot{Position: civic.Position{Lon: *lon, Lat: *lat}, Street: street}
		}
		return c, err
	})
}

// workSpots looks at all cases of a town; what a minute does not suffice for is
// another job's.
func (db *DB) workSpots(ctx context.Context, job *river.Job[spotsArgs]) error {
	a, end := job.Args, time.Now().Add(time.Minute)
	for {
		last, err := db.SettleSpots(ctx, a.Jurisdiction, a.After, false)
		if err != nil || last.IsZero() {
			return err
		}
		if a.After = last; time.Now().After(end) {
			return within(ctx, db.jobs, a.Jurisdiction, pgx.TxOptions{}, func(tx pgx.Tx) error {
				_, err := db.queue.client.InsertTx(ctx, tx, a, nil)
				return err
			})
		}
	}
}
