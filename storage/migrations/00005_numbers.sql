-- +goose Up
-- A device's numbers: where its unbroken run of answered edits ends.
CREATE INDEX edit_number ON edit (jurisdiction_id, device_id, n) WHERE n IS NOT NULL;
-- Photos that no report names are swept.
CREATE INDEX photo_stored ON photo (jurisdiction_id, stored);
GRANT SELECT, DELETE ON session TO bulk;
