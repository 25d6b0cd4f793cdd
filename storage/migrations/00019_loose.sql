-- +goose Up
-- A loose picture came from somebody who has no report yet: it waits two hours for
-- one, not two days.
ALTER TABLE photo ADD COLUMN loose boolean NOT NULL DEFAULT false;
CREATE INDEX photo_loose ON photo (jurisdiction_id, stored) WHERE loose;
