-- The grid of tiles.GridCell as tuned SQL over PostGIS: the baseline of the
-- side-by-side benchmark and the oracle of differential tests. Never the hot
-- path.
--
-- grid_position is geo.At; a report's row keeps its result (px, py), so that the
-- cell is two shifts and the tile an exact comparison, not a geometry test.

CREATE OR REPLACE FUNCTION grid_position(lon double precision, lat double precision)
RETURNS TABLE (px bigint, py bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(0, least(4294967295, floor((lon + 180) / 360 * 4294967296)))::bigint,
           greatest(0, least(4294967295, floor(
               (0.5 - ln((1 + s) / (1 - s)) / (4 * pi())) * 4294967296)))::bigint
      FROM (SELECT sin(radians(greatest(-85.05112877980659, least(85.05112877980659, lat)))) AS s) AS l
$$;

CREATE TABLE IF NOT EXISTS grid_report (
    id            uuid PRIMARY KEY,
    px            bigint NOT NULL,
    py            bigint NOT NULL,
    closed        boolean NOT NULL,
    visible       boolean NOT NULL,
    status        text NOT NULL,
    service       text NOT NULL,
    service_group text NOT NULL,
    team          uuid,
    channel       text NOT NULL,
    created       timestamptz NOT NULL,
    place         geometry(Point) NOT NULL -- (px, py): the tile is a box of integers
);
CREATE INDEX IF NOT EXISTS grid_report_place ON grid_report
    USING gist (place) INCLUDE (px, py, closed, visible);

-- The reports that a filter of tiles matches. A condition that is NULL matches
-- all; days are UTC and included; want_teamless adds the reports of no team to
-- those of want_teams.
CREATE OR REPLACE FUNCTION grid_reports(
    only_visible boolean DEFAULT true, want_statuses text[] DEFAULT NULL, want_services text[] DEFAULT NULL,
    want_group text DEFAULT NULL, want_teams uuid[] DEFAULT NULL, want_teamless boolean DEFAULT false,
    want_channels text[] DEFAULT NULL, want_from date DEFAULT NULL, want_to date DEFAULT NULL)
RETURNS SETOF grid_report
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT * FROM grid_report
     WHERE (NOT only_visible OR visible)
       AND (want_statuses IS NULL OR status = ANY (want_statuses))
       AND (want_services IS NULL OR service = ANY (want_services))
       AND (want_group IS NULL OR service_group = want_group)
       AND (want_teams IS NULL OR team = ANY (want_teams) OR want_teamless AND team IS NULL)
       AND (want_channels IS NULL OR channel = ANY (want_channels))
       AND (want_from IS NULL OR created >= want_from::timestamp AT TIME ZONE 'UTC')
       AND (want_to IS NULL OR created < (want_to + 1)::timestamp AT TIME ZONE 'UTC')
$$;

-- One row a cell: what tiles.Index.Grid returns for the tile z/x/y.
CREATE OR REPLACE FUNCTION grid_cells(
    z integer, x integer, y integer,
    only_visible boolean DEFAULT true, want_statuses text[] DEFAULT NULL, want_services text[] DEFAULT NULL,
    want_group text DEFAULT NULL, want_teams uuid[] DEFAULT NULL, want_teamless boolean DEFAULT false,
    want_channels text[] DEFAULT NULL, want_from date DEFAULT NULL, want_to date DEFAULT NULL)
RETURNS TABLE (cx bigint, cy bigint, count bigint, open bigint, mean_x bigint, mean_y bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT px >> (28 - z), py >> (28 - z), count(*), count(*) FILTER (WHERE NOT closed),
           floor(sum(px) / count(*))::bigint, floor(sum(py) / count(*))::bigint
      FROM grid_reports(only_visible, want_statuses, want_services, want_group, want_teams, want_teamless,
                        want_channels, want_from, want_to)
     WHERE place && ST_MakeEnvelope(
               (x::bigint << (32 - z)), (y::bigint << (32 - z)),
               ((x + 1)::bigint << (32 - z)) - 1, ((y + 1)::bigint << (32 - z)) - 1)
       -- && compares boxes of single precision: the edge is decided here.
       AND px >> (32 - z) = x AND py >> (32 - z) = y
     GROUP BY 1, 2
$$;

-- The same as a vector tile. It returns a table so that the planner sees through
-- it: SELECT tile FROM grid_tile(6, 33, 23).
CREATE OR REPLACE FUNCTION grid_tile(z integer, x integer, y integer, want_services text[] DEFAULT NULL)
RETURNS TABLE (tile bytea)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ST_AsMVT(t, 'clusters', 4096, 'geom') FROM (
        SELECT count, open, count - open AS closed,
               ST_MakePoint(((mean_x & ((1::bigint << (32 - z)) - 1)) * 4096) >> (32 - z),
                            ((mean_y & ((1::bigint << (32 - z)) - 1)) * 4096) >> (32 - z)) AS geom
          FROM grid_cells(z, x, y, true, NULL, want_services)
    ) AS t
$$;
