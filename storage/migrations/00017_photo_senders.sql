-- +goose Up
-- Whoever knows the hash of a picture does not have the picture. An attachment waits
-- until its bytes have come from whoever attached it; proven says that they came with
-- it. What the program before this one attaches counts as proven.
ALTER TABLE attachment ADD COLUMN proven boolean NOT NULL DEFAULT true;

-- Who brought bytes: a person of the town hall, or a case whose reporter has its secret.
CREATE TABLE photo_sender (
    jurisdiction_id uuid NOT NULL,
    sha256          text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    sender          uuid NOT NULL,
    PRIMARY KEY (jurisdiction_id, sha256, sender),
    FOREIGN KEY (jurisdiction_id, sha256) REFERENCES photo ON DELETE CASCADE
);
ALTER TABLE photo_sender ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_sender FORCE ROW LEVEL SECURITY;
CREATE POLICY town ON photo_sender
    USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
    WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid);
GRANT SELECT, INSERT ON photo_sender TO app, jobs, bulk;
GRANT SELECT ON photo_sender TO backup, migrator;
