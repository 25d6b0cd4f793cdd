-- +goose Up
-- Where and when a photo was taken is kept of those alone that came with a report
-- which has no place yet. What was kept of other people's, the town's own among
-- them, is taken away.
GRANT UPDATE (lon, lat, taken) ON photo TO migrator;
SET LOCAL ROLE migrator;
UPDATE photo p SET lon = NULL, lat = NULL, taken = NULL
WHERE (p.lon IS NOT NULL OR p.lat IS NOT NULL OR p.taken IS NOT NULL)
  AND (p.stored < now() - interval '30 days' OR NOT EXISTS (
    SELECT FROM attachment a
    JOIN report r ON r.jurisdiction_id = a.jurisdiction_id AND r.id = a.report_id
    WHERE a.jurisdiction_id = p.jurisdiction_id AND a.sha256 = p.sha256 AND r.point IS NULL
      AND r.facets -> 'photos' -> p.sha256 ->> 'stage' = 'report'
      AND r.facets -> 'photos' -> p.sha256 ->> 'from' IN ('citizen', 'service', 'system')));
SET LOCAL ROLE owner;
REVOKE UPDATE (lon, lat, taken) ON photo FROM migrator;
CREATE INDEX photo_shot ON photo (jurisdiction_id, stored) WHERE lon IS NOT NULL OR taken IS NOT NULL;
