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
    id      uuid PRIMARY KEY,
    px      bigint NOT NULL,
    py      bigint NOT NULL,
    closed  boolean NOT NULL,
    visible boolean NOT NULL,
    service text NOT NULL,
    team    uuid,
    channel text NOT NULL,
    created timestamptz NOT NULL,
    place   geometry(Point) NOT NULL -- (px, py): the tile is a box of integers
);
CREATE INDEX IF NOT EXISTS grid_report_place ON grid_report
    USING gist (place) INCLUDE (px, py, closed, visible);

-- One row a cell: what tiles.Index.Grid returns for the tile z/x/y. NULL filters
-- match all.
CREATE OR REPLACE FUNCTION grid_cells(
    z integer, x integer, y integer, only_visible boolean DEFAULT true,
    want_closed boolean DEFAULT NULL, want_service text DEFAULT NULL)
RETURNS TABLE (cx bigint, cy bigint, count bigint, open bigint, mean_x bigint, mean_y bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT px >> (28 - z), py >> (28 - z), count(*), count(*) FILTER (WHERE NOT closed),
           floor(sum(px) / count(*))::bigint, floor(sum(py) / count(*))::bigint
      FROM grid_report
     WHERE place && ST_MakeEnvelope(
               (x::bigint << (32 - z)), (y::bigint << (32 - z)),
               ((x + 1)::bigint << (32 - z)) - 1, ((y + 1)::bigint << (32 - z)) - 1)
       -- && compares boxes of single precision: the edge is decided here.
       AND px >> (32 - z) = x AND py >> (32 - z) = y
       AND (NOT only_visible OR visible)
       AND (want_closed IS NULL OR closed = want_closed)
       AND (want_service IS NULL OR service = want_service)
     GROUP BY 1, 2
$$;

-- The same as a vector tile, for pg_tileserv and for timing.
CREATE OR REPLACE FUNCTION grid_tile(z integer, x integer, y integer, want_service text DEFAULT NULL)
RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ST_AsMVT(t, 'clusters', 4096, 'geom') FROM (
        SELECT count, open, count - open AS closed,
               ST_MakePoint(((mean_x & ((1::bigint << (32 - z)) - 1)) * 4096) >> (32 - z),
                            ((mean_y & ((1::bigint << (32 - z)) - 1)) * 4096) >> (32 - z)) AS geom
          FROM grid_cells(z, x, y, true, NULL, want_service)
    ) AS t
$$;
