package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// givenAreas are the shapes $2 of the names $1, in their order.
const givenAreas = `WITH given AS (
		SELECT name, n, ST_SetSRID(ST_GeomFromGeoJSON(shape), 4326) AS g
		FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a(name, shape, n))`

// mendSQL makes one valid shape of all features of a name, in the order in which the
// names first stand.
const mendSQL = givenAreas + `, mended AS (
		SELECT name, count(*) AS parts, min(n) AS first,
		       coalesce(string_agg(ST_IsValidReason(g), ', ' ORDER BY n) FILTER (WHERE NOT ST_IsValid(g)), '') AS why,
		       ST_CollectionExtract(ST_Union(ST_CollectionExtract(ST_MakeValid(g), 3)), 3) AS g
		FROM given GROUP BY name)
	SELECT name, parts, why, ST_AsGeoJSON(ST_Multi(g), 15), ST_Area(g::geography)
	FROM mended ORDER BY first`

// compareSQL tells where areas overlap and where none of them is: holes between them
// that are larger than $3 square metres.
const compareSQL = givenAreas + `, shared AS (
		SELECT 'overlap' AS what, a.name AS one, b.name AS other, ST_CollectionExtract(ST_Intersection(a.g, b.g), 3) AS g
		FROM given a JOIN given b ON a.name < b.name AND ST_Intersects(a.g, b.g)),
	gaps AS (
		SELECT 'gap', '', '', ST_MakePolygon(ST_ExteriorRing(r.geom))
		FROM (SELECT (ST_Dump(ST_Union(g))).geom AS p FROM given) u, LATERAL ST_DumpRings(u.p) r WHERE r.path[1] > 0),
	found AS (
		SELECT what, one, other, ST_Area(g::geography) AS metres, ST_PointOnSurface(g) AS at
		FROM (SELECT * FROM shared UNION ALL SELECT * FROM gaps) f WHERE NOT ST_IsEmpty(g))
	SELECT what, one, other, metres, ST_X(at), ST_Y(at) FROM found WHERE metres > $3 ORDER BY metres DESC LIMIT 20`

// tellMetres is from how many square metres an overlap or a gap is told: less is how
// two offices drew one line.
const tellMetres = 1000

// leastArea is how many square metres an area has at least.
const leastArea = 1

// MendAreas makes one valid area of the shapes of each name and tells a person what it
// did, where areas overlap and where there is a gap between them. Shapes are GeoJSON
// polygons in WGS 84. An area of which nothing is left is an error.
func (db *DB) MendAreas(ctx context.Context, areas []civic.ShapedArea) (mended []civic.ShapedArea, told []string, err error) {
	first, people := make(map[string]civic.Area), make(map[string]int)
	for _, a := range areas {
		if _, again := first[a.Name]; !again {
			first[a.Name] = a.Area
		}
		people[a.Name] += a.Population
	}
	names, shapes := namesAndShapes(areas)
	rows, err := db.bulk.Query(ctx, mendSQL, names, shapes)
	if err != nil {
		return nil, nil, fmt.Errorf("mend areas: %w", err)
	}
	mended, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a civic.ShapedArea, err error) {
		var name, why string
		var shape *string
		var parts int
		var metres *float64
		if err = row.Scan(&name, &parts, &why, &shape, &metres); err != nil {
			return a, err
		}
		if shape == nil || metres == nil || *metres < leastArea {
			return a, fmt.Errorf("area %s encloses nothing", name)
		}
		if why != "" {
			told = append(told, fmt.Sprintf("%s was mended, %.2f km²: %s", name, *metres/1e6, why))
		}
		if parts > 1 {
			told = append(told, fmt.Sprintf("%s stands %d times: one area of all", name, parts))
		}
		a = civic.ShapedArea{Area: first[name], Shape: []byte(*shape)}
		a.Population = people[name]
		return a, nil
	})
	if err != nil {
		return nil, told, fmt.Errorf("mend areas: %w", err)
	}
	compared, err := db.compareAreas(ctx, mended)
	return mended, append(told, compared...), err
}

// namesAndShapes are what the statements take.
func namesAndShapes(areas []civic.ShapedArea) (names, shapes []string) {
	for _, a := range areas {
		names, shapes = append(names, a.Name), append(shapes, string(a.Shape))
	}
	return names, shapes
}

// compareAreas tells a person where areas overlap and where between them there is none.
func (db *DB) compareAreas(ctx context.Context, areas []civic.ShapedArea) (told []string, err error) {
	names, shapes := namesAndShapes(areas)
	rows, err := db.bulk.Query(ctx, compareSQL, names, shapes, float64(tellMetres))
	if err != nil {
		return nil, fmt.Errorf("compare areas: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var what, one, other string
		var metres, lon, lat float64
		if err := row.Scan(&what, &one, &other, &metres, &lon, &lat); err != nil {
			return "", err
		}
		where := fmt.Sprintf("%.3f km² around %.5f, %.5f", metres/1e6, lon, lat)
		if what == "gap" {
			return "a gap of " + where + " belongs to no area", nil
		}
		return fmt.Sprintf("%s and %s overlap by %s", one, other, where), nil
	})
}
