-- +goose Up
-- Where the public is told that a case is: a point of the street, and its name.
-- A place whose spot is still missing is the clock's to look up.
ALTER TABLE report
    ADD COLUMN spot        geometry(Point, 4326),
    ADD COLUMN spot_street text NOT NULL DEFAULT '';
CREATE INDEX report_spotless ON report (jurisdiction_id, id) WHERE point IS NOT NULL AND spot IS NULL;
-- What anybody may search by is what anybody may see.
CREATE INDEX report_spot_near ON report USING gist (jurisdiction_id, (spot::geography));
DROP INDEX report_near;
