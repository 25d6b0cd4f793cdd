package storage

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/geojson"

	"segnavia/civic"
)

// writtenSQL tells which of the names that an address may begin with ($2, in order)
// is a street's: the longest.
const writtenSQL = `
	WITH c AS MATERIALIZED (SELECT words_of(name) AS words, n FROM unnest($2::text[]) WITH ORDINALITY AS c(name, n))
	SELECT c.n, s.words
	FROM c JOIN street s ON s.jurisdiction_id = $1 AND s.kind = 'street' AND s.words = c.words
	WHERE c.words <> '' ORDER BY length(s.words) DESC, c.n LIMIT 1`

// placesSQL finds streets by trigrams of their folded names, first the one that was
// written whole ($7), and on each the house number nearest to the one asked for; a
// number of the same colour before another, a door without a number or a kilometre
// only where it was asked for. Equal names in several quarters are told apart by
// what else was written ($6).
const placesSQL = `
	WITH named AS (
		SELECT min(name) AS name, folded, locality,
		       CASE WHEN words = $7 THEN 1 ELSE word_similarity(fold($2), folded) END AS sim, words = $7 AS written,
		       (array_agg(id ORDER BY ST_Length(shape) DESC, id))[1] AS id,
		       (array_agg(shape ORDER BY ST_Length(shape) DESC, id))[1] AS shape
		FROM (
			SELECT id, name, folded, words, locality, shape FROM street
			WHERE jurisdiction_id = $1 AND kind = 'street' AND folded %> fold($2)
			UNION ALL
			SELECT id, name, folded, words, locality, shape FROM street
			WHERE jurisdiction_id = $1 AND kind = 'street' AND words = $7 AND $7 <> '' AND NOT folded %> fold($2)) s
		GROUP BY folded, words, locality
		ORDER BY written DESC, sim DESC, word_similarity(fold(locality), fold($6)) DESC, length(folded), folded, locality
		LIMIT $3)
	SELECT s.name, s.locality, s.sim, coalesce(a.number, 0), coalesce(a.suffix, ''), coalesce(a.red, false), coalesce(a.flat, ''),
	       coalesce(a.metres, 0), a.number IS NOT NULL AND a.number = 0 AND a.metres = 0, s.id, a.number IS NOT NULL,
	       ST_X(coalesce(a.point, ST_PointOnSurface(s.shape))), ST_Y(coalesce(a.point, ST_PointOnSurface(s.shape)))
	FROM named s LEFT JOIN LATERAL (
		SELECT number, suffix, red, flat, metres, point FROM address
		WHERE jurisdiction_id = $1 AND folded = s.folded AND (locality = s.locality OR s.locality = '')
		  AND CASE WHEN $4 > 0 THEN number > 0 WHEN $9 > 0 THEN metres > 0 ELSE $10 AND number = 0 AND metres = 0 END
		ORDER BY abs(number - $4) + abs(metres - $9), (red OR suffix = 'R') <> $8, suffix <> $5, flat <> $11, suffix, id LIMIT 1) a ON true
	ORDER BY s.written DESC, s.sim DESC, word_similarity(fold(s.locality), fold($6)) DESC, length(s.folded), s.folded, s.locality`

// Places finds where an address may be, the likest street first; an address
// without a street finds nothing. A street without the number asked for is shown at
// a point of it that is on no other. limit is at most 50.
func (db *DB) Places(ctx context.Context, j civic.JurisdictionID, a civic.Address, limit int) (list []civic.Place, err error) {
	names, read := a.Candidates()
	if a.Street == "" && len(names) == 0 {
		return nil, nil
	}
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		var n int
		var written string
		err := ignoreNoRows(tx.QueryRow(ctx, writtenSQL, j, names).Scan(&n, &written))
		if err != nil {
			return err
		}
		if n > 0 {
			a = read[n-1]
		}
		if a.Street == "" {
			return nil
		}
		list, err = placesOf(ctx, tx, j, a, written, min(limit, 50))
		return err
	})
	return list, err
}

func placesOf(ctx context.Context, tx pgx.Tx, j civic.JurisdictionID, a civic.Address, written string, limit int) ([]civic.Place, error) {
	red := a.Red || a.Suffix == "R"
	rows, err := tx.Query(ctx, placesSQL, j, a.Street, limit, a.Number, a.Suffix, a.Rest, written, red, a.Metres, a.Unnumbered, a.Inner)
	if err != nil {
		return nil, err
	}
	var doorless []int
	var streets []asked
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p civic.Place, err error) {
		var way civic.WayID
		var door bool
		err = row.Scan(&p.Street, &p.Locality, &p.Similarity, &p.Number, &p.Suffix, &p.Red, &p.Inner, &p.Metres, &p.Unnumbered,
			&way, &door, &p.Lon, &p.Lat)
		if !door {
			streets = append(streets, asked{at: p.Position, way: way})
		}
		doorless = append(doorless, len(streets)-1)
		p.Exact = p.Is(a.HouseNumber) && !a.Near
		if p.Is(a.HouseNumber) && p.Inner == "" {
			p.Inner = a.Inner // the register knows the house
		}
		return p, err
	})
	if err != nil || len(streets) == 0 {
		return list, err
	}
	clear, err := spots(ctx, tx, j, streets)
	for i := range list {
		if k := doorless[i]; err == nil && k >= 0 && list[i].Door() == "" {
			list[i].Position = clear[k].Position
		}
	}
	return list, err
}

// placeAtSQL is the nearest house number within about 60 m, else the nearest
// street within about 300 m.
const placeAtSQL = `
	WITH door AS (
		SELECT street AS name, locality, number, suffix, red, flat, metres, number = 0 AND metres = 0 AS unnumbered FROM address
		WHERE jurisdiction_id = $1 AND point && ST_Expand(ST_SetSRID(ST_MakePoint($2, $3), 4326), 0.0007)
		ORDER BY point <-> ST_SetSRID(ST_MakePoint($2, $3), 4326) LIMIT 1),
	way AS (
		SELECT name, locality, 0, '', false, '', 0, false FROM street
		WHERE jurisdiction_id = $1 AND kind = 'street' AND name <> ''
		  AND shape && ST_Expand(ST_SetSRID(ST_MakePoint($2, $3), 4326), 0.003)
		ORDER BY shape <-> ST_SetSRID(ST_MakePoint($2, $3), 4326) LIMIT 1)
	SELECT name, locality, number, suffix, red, flat, metres, unnumbered FROM (
		SELECT 1 AS rank, * FROM door UNION ALL SELECT 2, * FROM way) n ORDER BY rank LIMIT 1`

// PlaceAt names the place at a position: the nearest house number, else the
// nearest street. A zero Place where neither is near.
func (db *DB) PlaceAt(ctx context.Context, j civic.JurisdictionID, at civic.Position) (p civic.Place, err error) {
	err = within(ctx, db.app, j, readOnly, func(tx pgx.Tx) error {
		return ignoreNoRows(tx.QueryRow(ctx, placeAtSQL, j, at.Lon, at.Lat).Scan(
			&p.Street, &p.Locality, &p.Number, &p.Suffix, &p.Red, &p.Inner, &p.Metres, &p.Unnumbered))
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
