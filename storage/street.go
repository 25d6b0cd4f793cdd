package storage

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/geojson"

	"segnavia/civic"
)

// streetsSQL finds streets by trigrams of their names; the place is the middle
// of the street's longest piece. Abbreviations are written out by the caller.
const streetsSQL = `
	SELECT name, ST_X(p), ST_Y(p), sim FROM (
		SELECT DISTINCT ON (name) name, word_similarity($2, name) AS sim,
		       ST_PointOnSurface(shape) AS p
		FROM street WHERE jurisdiction_id = $1 AND kind = 'street' AND name %> $2
		ORDER BY name, ST_Length(shape) DESC
	) s ORDER BY sim DESC, length(name), name LIMIT $3`

// Streets finds the streets whose names are most like a text, best first.
// Similarity runs from 0 to 1.
func (db *DB) Streets(ctx context.Context, j civic.JurisdictionID, text string, limit int) (list []civic.Street, similarity []float64, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, streetsSQL, j, text, min(limit, 50))
		if err != nil {
			return err
		}
		var s civic.Street
		var sim float64
		_, err = pgx.ForEachRow(rows, []any{&s.Name, &s.Lon, &s.Lat, &sim}, func() error {
			list, similarity = append(list, s), append(similarity, sim)
			return nil
		})
		return err
	})
	return list, similarity, err
}

const nearestStreetSQL = `
	SELECT name FROM street WHERE jurisdiction_id = $1 AND kind = 'street' AND name <> ''
	  AND shape && ST_Expand(ST_SetSRID(ST_MakePoint($2, $3), 4326), 0.003)
	ORDER BY shape <-> ST_SetSRID(ST_MakePoint($2, $3), 4326) LIMIT 1`

// NearestStreet names the street nearest to a place, within about 300 m, or "".
func (db *DB) NearestStreet(ctx context.Context, j civic.JurisdictionID, p civic.Position) (name string, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return ignoreNoRows(tx.QueryRow(ctx, nearestStreetSQL, j, p.Lon, p.Lat).Scan(&name))
	})
	return name, err
}

// Features lists the town's drawn map, in GeoJSON geometries.
func (db *DB) Features(ctx context.Context, j civic.JurisdictionID) (list []civic.Feature, err error) {
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT kind, name, class, shape FROM street WHERE jurisdiction_id = $1 ORDER BY id`, j)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (civic.Feature, error) {
			var f civic.Feature
			var g geometry
			if err := row.Scan(&f.Kind, &f.Name, &f.Class, &g); err != nil {
				return f, err
			}
			f.Shape, err = geojson.NewGeometry(g.Geometry).MarshalJSON()
			return f, err
		})
		return err
	})
	return list, err
}
