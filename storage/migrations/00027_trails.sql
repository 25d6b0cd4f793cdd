-- +goose Up
-- Originals of people at work that still tell where and when they were taken, from
-- before that was taken out of each. The clock takes it out of these, one by one.
ALTER TABLE photo ADD COLUMN trail boolean NOT NULL DEFAULT false;
CREATE INDEX photo_trail ON photo (jurisdiction_id, sha256) WHERE trail;

GRANT SELECT ON "user" TO migrator;
GRANT UPDATE (trail) ON photo TO migrator;
SET LOCAL ROLE migrator;
UPDATE photo p SET trail = true
WHERE p.mime <> 'application/pdf' AND (EXISTS (
    SELECT FROM photo_sender s
    JOIN "user" u ON u.jurisdiction_id = s.jurisdiction_id AND u.id = s.sender
    WHERE s.jurisdiction_id = p.jurisdiction_id AND s.sha256 = p.sha256) OR EXISTS (
    SELECT FROM attachment a
    JOIN report r ON r.jurisdiction_id = a.jurisdiction_id AND r.id = a.report_id
    WHERE a.jurisdiction_id = p.jurisdiction_id AND a.sha256 = p.sha256
      AND r.facets -> 'photos' -> p.sha256 ->> 'from' NOT IN ('citizen', 'service', 'system')));
SET LOCAL ROLE owner;
REVOKE UPDATE (trail) ON photo FROM migrator;
