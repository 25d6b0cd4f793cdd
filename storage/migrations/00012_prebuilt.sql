-- +goose Up
-- Snapshots of large scopes that lie ready in the bucket. A row that is gone
-- voids its object, whatever the bucket still holds.
CREATE TABLE scope_snapshot (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    scope           text NOT NULL,
    v               bigint NOT NULL,
    n               bigint NOT NULL,
    sum_a           bigint NOT NULL,
    sum_b           bigint NOT NULL,
    epoch           uuid NOT NULL,
    shape           text NOT NULL,
    key             text NOT NULL,
    ready           boolean NOT NULL DEFAULT false,
    built           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, scope)
);
ALTER TABLE scope_snapshot ENABLE ROW LEVEL SECURITY;
ALTER TABLE scope_snapshot FORCE ROW LEVEL SECURITY;
CREATE POLICY town ON scope_snapshot
    USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
    WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid);
GRANT SELECT, DELETE ON scope_snapshot TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON scope_snapshot TO bulk;
GRANT SELECT ON scope_snapshot TO jobs, backup, migrator;
