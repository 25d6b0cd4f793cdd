package storage

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"segnavia/civic"
)

const projectSQL = `
	SELECT ST_X(w.point), ST_Y(w.point)
	FROM unnest($2::float8[], $3::float8[]) WITH ORDINALITY AS p(x, y, n),
	     LATERAL (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(p.x, p.y), $1::int), 4326) AS point) w
	ORDER BY p.n`

// projectBatch is how many points one statement turns.
const projectBatch = 5000

// Project turns points of a reference system into WGS 84, where they stand. Those
// that the system cannot hold become NaN. A system that PostGIS does not know is a
// *civic.Error with the code "bad_coordinates".
func (db *DB) Project(ctx context.Context, epsg int, at []civic.Position) error {
	var known bool
	err := db.bulk.QueryRow(ctx, `SELECT EXISTS (SELECT FROM spatial_ref_sys WHERE srid = $1)`, epsg).Scan(&known)
	if err != nil {
		return fmt.Errorf("project: %w", err)
	}
	if !known {
		return civic.Refuse("bad_coordinates", "epsg", epsg)
	}
	for len(at) > 0 {
		n := min(len(at), projectBatch)
		if err := db.project(ctx, epsg, at[:n]); err != nil {
			return fmt.Errorf("project from EPSG:%d: %w", epsg, err)
		}
		at = at[n:]
	}
	return nil
}

// project halves what PostGIS refuses until the points that it cannot hold are alone.
func (db *DB) project(ctx context.Context, epsg int, at []civic.Position) error {
	xs, ys := make([]float64, len(at)), make([]float64, len(at))
	for i, p := range at {
		xs[i], ys[i] = p.Lon, p.Lat
	}
	rows, err := db.bulk.Query(ctx, projectSQL, epsg, xs, ys)
	if err != nil {
		return err
	}
	got, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p civic.Position, err error) {
		err = row.Scan(&p.Lon, &p.Lat)
		return p, err
	})
	var pg *pgconn.PgError
	switch {
	case err == nil:
		copy(at, got)
		return nil
	case !errors.As(err, &pg) || pg.Code != "XX000": // PostGIS: a point that the system cannot hold
		return err
	case len(at) == 1:
		at[0] = civic.Position{Lon: math.NaN(), Lat: math.NaN()}
		return nil
	}
	half := len(at) / 2
	return errors.Join(db.project(ctx, epsg, at[:half]), db.project(ctx, epsg, at[half:]))
}

// Surroundings is where a town's streets and house numbers lie; the zero Bounds
// where nobody knows.
func (db *DB) Surroundings(ctx context.Context, j civic.JurisdictionID) (b civic.Bounds, err error) {
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error {
		var west, south, east, north *float64
		err := tx.QueryRow(ctx, `
			SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
			FROM (SELECT ST_Extent(shape) AS e FROM area WHERE jurisdiction_id = $1) a`, j).Scan(&west, &south, &east, &north)
		if err == nil && west != nil {
			b = civic.Bounds{*west, *south, *east, *north}.Around(civic.NearDegrees)
		}
		return err
	})
	return b, err
}
