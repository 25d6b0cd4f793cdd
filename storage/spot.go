package storage

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"segnavia/civic"
)

// asked is a place whose street is looked for: a point, with the street that it is
// known to be on, or what somebody wrote of it.
type asked struct {
	at      civic.Position
	way     civic.WayID
	address string
}

// spotColumns are the arguments of spotsSQL.
func spotColumns(j civic.JurisdictionID, list []asked) []any {
	n := len(list)
	lons, lats, ways := make([]float64, n), make([]float64, n), make([]*string, n)
	names, streets := make([]string, n), make([]string, n)
	for i, a := range list {
		lons[i], lats[i], ways[i] = a.at.Lon, a.at.Lat, idOrNull(a.way)
		if a.address != "" {
			read := civic.ParseAddress(a.address)
			written, _ := read.Candidates()
			names[i], streets[i] = strings.Join(written, "\n"), read.Street
		}
	}
	return []any{j, lons, lats, ways, names, streets, float64(crossingMetres)}
}

// scanSpots reads the rows of spotsSQL.
func scanSpots(rows pgx.Rows) ([]*civic.Spot, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*civic.Spot, error) {
		var p civic.Position
		var lon, lat *float64
		var spot civic.Spot
		if err := row.Scan(&p.Lon, &p.Lat, &lon, &lat, &spot.Street, &spot.Way); err != nil {
			return nil, err
		}
		spot.Position = civic.OnGrid(p).Position
		if lon != nil && lat != nil {
			spot.Position = civic.Position{Lon: *lon, Lat: *lat}.Rounded()
		}
		return &spot, nil
	})
}

// spots asks the gazetteer about places, in their order.
func spots(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, list []asked) ([]*civic.Spot, error) {
	if len(list) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, spotsSQL, spotColumns(j, list)...)
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
	batch.Queue(spotsSQL, spotColumns(w.j, []asked{{at: at, address: w.edit.StreetNamed()}})...).Query(func(rows pgx.Rows) error {
		list, err := scanSpots(rows)
		if err == nil && len(list) == 1 {
			w.edit.Minted.Spot = list[0]
		}
		return err
	})
}

// askAddress asks about the report's own place by the address that the edit writes: the
// place is known only once the report has been read.
func (w *job) askAddress(ctx context.Context, tx pgx.Tx) error {
	address, ok := w.edit.Readdressed()
	if !ok || w.stored != nil || w.before.Position == nil {
		return nil
	}
	list, err := spots(ctx, tx, w.j, []asked{{at: *w.before.Position, address: address}})
	if err == nil && len(list) == 1 {
		w.edit.Minted.Spot = list[0]
	}
	return err
}

// spotPast asks about every place of a batch of past cases and tells the edits.
func spotPast(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, batch []civic.Past) error {
	var list []asked
	var whose []*civic.Edit
	for i := range batch {
		for k := range batch[i].Edits {
			e := &batch[i].Edits[k].Edit
			if p, ok := e.Place(); ok {
				list, whose = append(list, asked{at: p, address: e.StreetNamed()}), append(whose, e)
			}
		}
	}
	found, err := spots(ctx, tx, j, list)
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
		list := make([]asked, len(cases))
		for i, c := range cases {
			list[i] = c.asked()
		}
		found, err = spots(ctx, tx, j, list)
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
	SELECT id, rev, ST_X(point), ST_Y(point), ST_X(spot), ST_Y(spot), spot_street, spot_way, address FROM report
	WHERE jurisdiction_id = $1 AND id > $2 AND point IS NOT NULL ORDER BY id LIMIT $3`

const spotlessSQL = `
	SELECT id, rev, ST_X(point), ST_Y(point), ST_X(spot), ST_Y(spot), spot_street, spot_way, address FROM report
	WHERE jurisdiction_id = $1 AND id > $2 AND point IS NOT NULL AND spot IS NULL ORDER BY id LIMIT $3`

// placedCase is a case with its place and the spot that it has, if any.
type placedCase struct {
	id      civic.ReportID
	rev     int64
	at      civic.Position
	spot    *civic.Spot
	address string
}

// asked is how the case's street is looked for: by the one that was named. What was
// written counts until a street has been found: later the pin may have been moved.
func (c *placedCase) asked() asked {
	a := asked{at: c.at}
	if c.spot == nil || c.spot.Street == "" {
		a.address = c.address
	} else {
		a.way = c.spot.Way
	}
	return a
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
		var spot civic.Spot
		err = row.Scan(&c.id, &c.rev, &c.at.Lon, &c.at.Lat, &lon, &lat, &spot.Street, &spot.Way, &c.address)
		if lon != nil && lat != nil {
			spot.Position = civic.Position{Lon: *lon, Lat: *lat}
			c.spot = &spot
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
