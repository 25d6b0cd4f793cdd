package storage

// spotsSQL gives for each place ($2, $3, in order) where the public is told that it
// is: a point of a street, its name, and its id where it was named. A street that
// was named ($4 its id, or $5 the names that it may have, one to a line, or $6 as it
// was read) is that of the address if it lies within 150 m; else it is the nearest
// within 60 m; else only the name of the street of the nearest house number.
// What row security hides from functions is worked out first. Distances are Mercator's, which keeps angles: five streets nearest in degrees are
// compared.
//
// The point is the nearest of the street. Where another street is closer to it than
// $7 metres, at a crossing, it is the nearest along the street that is not; the one
// furthest from others where there is none.
const spotsSQL = `
	WITH asked AS MATERIALIZED (
		SELECT p.n, p.lon, p.lat, p.way, h.here, ST_Transform(h.here, 3857) AS flat, cos(radians(p.lat)) AS scale,
		       ST_Expand(h.here, 0.0014 / cos(radians(p.lat))) AS about, ST_Expand(h.here, 0.0008) AS close, ST_Expand(h.here, 0.0007) AS closer,
		       fold(p.street) AS street,
		       ARRAY(SELECT words_of(name) FROM unnest(string_to_array(nullif(p.names, ''), E'\n')) AS name) AS names
		FROM unnest($2::float8[], $3::float8[], $4::text[]::uuid[], $5::text[], $6::text[]) WITH ORDINALITY
		         AS p(lon, lat, way, names, street, n),
		     LATERAL (SELECT ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) AS here) h)
	SELECT a.lon, a.lat, ST_X(told.at), ST_Y(told.at), coalesce(named.name, near.name, door.name, ''), named.id
	FROM asked a
	LEFT JOIN LATERAL (
		SELECT s.id, s.name, s.words, s.shape FROM street s
		WHERE (a.way IS NOT NULL OR a.names <> '{}' OR a.street <> '')
		  AND s.jurisdiction_id = $1 AND s.kind = 'street' AND s.name <> ''
		  AND s.shape && a.about
		  AND (s.id = a.way OR s.words = ANY(a.names) OR a.street <> '' AND similarity(a.street, s.folded) >= 0.6)
		  AND ST_Distance(ST_Transform(s.shape, 3857), a.flat) * a.scale <= 150
		ORDER BY s.id = a.way DESC NULLS LAST, s.words = ANY(a.names) DESC,
		         CASE WHEN s.words = ANY(a.names) THEN length(s.words) ELSE 0 END DESC,
		         similarity(a.street, s.folded) DESC, s.shape <-> a.here, s.id LIMIT 1) named ON true
	LEFT JOIN LATERAL (
		SELECT n.name, n.words, n.shape FROM (
			SELECT name, words, shape FROM street
			WHERE named.id IS NULL AND jurisdiction_id = $1 AND kind = 'street' AND name <> '' AND ST_Dimension(shape) = 1
			  AND shape && a.close
			ORDER BY shape <-> a.here LIMIT 5) n
		WHERE ST_Distance(ST_Transform(n.shape, 3857), a.flat) * a.scale <= 60
		ORDER BY ST_Distance(ST_Transform(n.shape, 3857), a.flat), n.name LIMIT 1) near ON true
	LEFT JOIN LATERAL (
		SELECT ST_Transform(c.at, 4326) AS at
		FROM (SELECT ST_Transform(coalesce(named.shape, near.shape), 3857) AS line, coalesce(named.words, near.words) AS words) w,
		     LATERAL (SELECT ST_ClosestPoint(w.line, a.flat) AS at) foot,
		     LATERAL (SELECT ST_Transform(ST_Expand(foot.at, 135 / a.scale), 4326) AS box OFFSET 0) about,
		     LATERAL (
			SELECT ST_Collect(ST_Transform(o.shape, 3857)) AS lines FROM street o
			WHERE o.jurisdiction_id = $1 AND o.kind = 'street' AND o.name <> '' AND o.words <> w.words AND ST_Dimension(o.shape) = 1
			  AND o.shape && about.box) other,
		     LATERAL (
			SELECT foot.at
			UNION ALL
			SELECT (ST_DumpPoints(ST_Segmentize(ST_Intersection(w.line, ST_Expand(foot.at, 120 / a.scale)), 3 / a.scale))).geom
			WHERE ST_Distance(foot.at, other.lines) * a.scale < $7) c(at)
		WHERE ST_Dimension(w.line) = 1
		ORDER BY least(ST_Distance(c.at, other.lines) * a.scale, $7) DESC, ST_Distance(c.at, foot.at) LIMIT 1) told ON true
	LEFT JOIN LATERAL (
		SELECT street AS name FROM address
		WHERE named.id IS NULL AND near.name IS NULL AND jurisdiction_id = $1 AND point && a.closer
		ORDER BY point <-> a.here LIMIT 1) door ON true
	ORDER BY a.n`

// crossingMetres is how far the public place keeps from other streets, so that it is
// read as the street that it is on.
const crossingMetres = 12
