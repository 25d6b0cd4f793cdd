package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"segnavia/civic"
)

// mendSQL makes one valid shape of all features of a name, in the order in which the
// names first stand.
const mendSQL = `
	WITH given AS (
		SELECT name, n, ST_SetSRID(ST_GeomFromGeoJSON(shape), 4326) AS g
		FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a(name, shape, n)),
	mended AS (
		SELECT name, n, CASE WHEN ST_IsValid(g) THEN '' ELSE ST_IsValidReason(g) END AS why,
		       ST_CollectionExtract(ST_MakeValid(g), 3) AS g
		FROM given)
	SELECT name, count(*), coalesce(string_agg(why, ', ') FILTER (WHERE why <> ''), ''),
	       ST_AsGeoJSON(ST_Multi(ST_CollectionExtract(ST_Union(g), 3)), 15), ST_Area(ST_Union(g)::geography)
	FROM mended GROUP BY name ORDER BY min(n)`

// compareSQL tells where areas overlap and where none of them is: holes between them
// that are larger than $3 square metres.
const compareSQL = `
	WITH a AS (
		SELECT name, ST_SetSRID(ST_GeomFromGeoJSON(shape), 4326) AS g
		FROM unnest($1::text[], $2::text[]) AS a(name, shape)),
	shared AS (
		SELECT 'overlap' AS what, a.name AS one, b.name AS other, ST_CollectionExtract(ST_Intersection(a.g, b.g), 3) AS g
		FROM a JOIN a b ON a.name < b.name AND ST_Intersects(a.g, b.g)),
	gaps AS (
		SELECT 'gap', '', '', ST_MakePolygon(ST_ExteriorRing(r.geom))
		FROM (SELECT (ST_Dump(ST_Union(g))).geom AS p FROM a) u, LATERAL ST_DumpRings(u.p) r WHERE r.path[1] > 0),
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
	names, shapes := make([]string, len(areas)), make([]string, len(areas))
	first, people := make(map[string]civic.Area), make(map[string]int)
	for i, a := range areas {
		names[i], shapes[i] = a.Name, string(a.Shape)
		if _, again := first[a.Name]; !again {
			first[a.Name] = a.Area
		}
		people[a.Name] += a.Population
	}
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

func (db *DB) compareAreas(ctx context.Context, areas []civic.ShapedArea) (told []string, err error) {
	names, shapes := make([]string, len(areas)), make([]string, len(areas))
	for i, a := range areas {
		names[i], shapes[i] = a.Name, string(a.Shape)
	}
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
		if what == "gap" {
			return fmt.Sprintf("a gap of %.3f km² around %.5f, %.5f belongs to no area", metres/1e6, lon, lat), nil
		}
		return fmt.Sprintf("%s and %s overlap by %.3f km² around %.5f, %.5f", one, other, metres/1e6, lon, lat), nil
	})
}
