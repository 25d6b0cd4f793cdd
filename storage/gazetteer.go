package storage

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/geojson"

	"segnavia/civic"
)

// placesSQL finds streets by trigrams of their folded names and, on each, the
// house number nearest to the one asked for ($4; 0 asks for none). Equal names
// in several quarters are told apart by what else was written ($6).
const placesSQL = `
	WITH named AS (
		SELECT min(name) AS name, folded, locality, word_similarity(fold($2), folded) AS sim,
		       (array_agg(shape ORDER BY ST_Length(shape) DESC))[1] AS shape
		FROM street WHERE jurisdiction_id = $1 AND kind = 'street' AND folded %> fold($2)
		GROUP BY folded, locality
		ORDER BY sim DESC, word_similarity(fold(locality), fold($6)) DESC, length(folded), folded, locality
		LIMIT $3)
	SELECT s.name, s.locality, s.sim, coalesce(a.number, 0), coalesce(a.suffix, ''),
	       ST_X(coalesce(a.point, ST_PointOnSurface(s.shape))), ST_Y(coalesce(a.point, ST_PointOnSurface(s.shape)))
	FROM named s LEFT JOIN LATERAL (
		SELECT number, suffix, point FROM address
		WHERE jurisdiction_id = $1 AND $4 > 0 AND folded = s.folded AND (locality = s.locality OR s.locality = '')
		ORDER BY abs(number - $4), suffix <> $5, suffix, id LIMIT 1) a ON true
	ORDER BY s.sim DESC, word_similarity(fold(s.locality), fold($6)) DESC, length(s.folded), s.folded, s.locality`

// Places finds where an address may be, the likest street first; an address
// without a street finds nothing. limit is at most 50.
func (db *DB) Places(ctx context.Context, j civic.JurisdictionID, a civic.Address, limit int) (list []civic.Place, err error) {
	if a.Street == "" {
		return nil, nil
	}
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, placesSQL, j, a.Street, min(limit, 50), a.Number, a.Suffix, a.Rest)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p civic.Place, err error) {
			err = row.Scan(&p.Street, &p.Locality, &p.Similarity, &p.Number, &p.Suffix, &p.Lon, &p.Lat)
			p.Exact = a.Number == p.Number && (a.Suffix == "" || a.Suffix == p.Suffix)
			return p, err
		})
		return err
	})
	return list, err
}

// placeAtSQL is the nearest house number within about 60 m, else the nearest
// street within about 300 m.
const placeAtSQL = `
	WITH door AS (
		SELECT street AS name, locality, number, suffix FROM address
		WHERE jurisdiction_id = $1 AND point && ST_Expand(ST_SetSRID(ST_MakePoint($2, $3), 4326), 0.0007)
		ORDER BY point <-> ST_SetSRID(ST_MakePoint($2, $3), 4326) LIMIT 1),
	way AS (
		SELECT name, locality, 0 AS number, '' AS suffix FROM street
		WHERE jurisdiction_id = $1 AND kind = 'street' AND name <> ''
		  AND shape && ST_Expand(ST_SetSRID(ST_MakePoint($2, $3), 4326), 0.003)
		ORDER BY shape <-> ST_SetSRID(ST_MakePoint($2, $3), 4326) LIMIT 1)
	SELECT name, locality, number, suffix FROM (
		SELECT 1 AS rank, * FROM door UNION ALL SELECT 2, * FROM way) n ORDER BY rank LIMIT 1`

// PlaceAt names the place at a position: the nearest house number, else the
// nearest street. A zero Place where neither is near.
func (db *DB) PlaceAt(ctx context.Context, j civic.JurisdictionID, at civic.Position) (p civic.Place, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return ignoreNoRows(tx.QueryRow(ctx, placeAtSQL, j, at.Lon, at.Lat).Scan(&p.Street, &p.Locality, &p.Number, &p.Suffix))
	})
	if p.Street != "" {
		p.Position = at
	}
	return p, err
}

// Features lists the town's drawn map, in GeoJSON geometries. Streets of which
// only house numbers are known have nothing to draw.
func (db *DB) Features(ctx context.Context, j civic.JurisdictionID) (list []civic.Feature, err error) {
	err = within(ctx, db.bulk, j, readOnly, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT kind, name, class, shape FROM street
			WHERE jurisdiction_id = $1 AND ST_Dimension(shape) > 0 ORDER BY id`, j)
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
