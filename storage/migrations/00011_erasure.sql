-- +goose Up
-- Who asked that their data be taken away, and by when the office answers. It is
-- a request: what it is about goes when a person has decided.
CREATE TABLE erasure_request (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    report_id       uuid NOT NULL,
    asked           timestamptz NOT NULL,
    due             timestamptz NOT NULL CHECK (due > asked),
    PRIMARY KEY (jurisdiction_id, report_id),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
ALTER TABLE erasure_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure_request FORCE ROW LEVEL SECURITY;
CREATE POLICY town ON erasure_request
    USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
    WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid);
GRANT SELECT, INSERT ON erasure_request TO app;
GRANT SELECT ON erasure_request TO jobs, backup, migrator;
