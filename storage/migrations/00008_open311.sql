-- +goose Up
-- Other programs: their keys, the questions of a service, what the public is
-- told, and pictures that are still to be fetched.

ALTER TABLE service ADD COLUMN attributes jsonb NOT NULL DEFAULT '[]';

CREATE TABLE api_key (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    name            text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,59}$'),
    prefix          text NOT NULL,
    hash            bytea NOT NULL CHECK (length(hash) = 32),
    scopes          text[] NOT NULL CHECK (scopes <@ ARRAY['requests', 'updates'] AND scopes <> '{}'),
    created         timestamptz NOT NULL DEFAULT now(),
    expires         timestamptz NOT NULL,
    revoked         timestamptz,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, hash)
);

-- News about a report in the order of publication. The text of a message and the
-- bytes of a picture are joined when read, so that a redaction reaches them.
CREATE TABLE report_update (
    jurisdiction_id uuid NOT NULL,
    id              uuid NOT NULL,
    report_id       uuid NOT NULL,
    rev             bigint NOT NULL,
    at              timestamptz NOT NULL,
    status          text NOT NULL CHECK (status IN
        ('new', 'acknowledged', 'assigned', 'in_progress', 'planned', 'waiting', 'resolved', 'rejected')),
    ending          text NOT NULL DEFAULT '' CHECK (ending IN ('', 'work', 'duplicate', 'not_ours')),
    reopens         boolean NOT NULL DEFAULT false,
    message_id      uuid,
    photo           text,
    PRIMARY KEY (jurisdiction_id, id),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
CREATE INDEX report_update_at ON report_update (jurisdiction_id, at, rev, id);
CREATE INDEX report_update_report ON report_update (jurisdiction_id, report_id, at);

-- Addresses of pictures that another program named; gone once they are fetched.
CREATE TABLE remote_media (
    jurisdiction_id uuid NOT NULL,
    id              uuid NOT NULL,
    report_id       uuid NOT NULL,
    url             text NOT NULL CHECK (length(url) <= 2000),
    PRIMARY KEY (jurisdiction_id, id),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
CREATE INDEX remote_media_report ON remote_media (jurisdiction_id, report_id);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['api_key', 'report_update', 'remote_media']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format($p$CREATE POLICY town ON %I
            USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
            WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)$p$, t);
        EXECUTE format('GRANT SELECT ON %I TO backup, migrator', t);
    END LOOP;
END $$;
-- +goose StatementEnd

GRANT SELECT ON api_key TO app;
GRANT SELECT, INSERT ON api_key TO bulk;
GRANT UPDATE (revoked) ON api_key TO bulk;
GRANT SELECT, INSERT ON report_update TO app, jobs, bulk;
GRANT INSERT ON remote_media TO app, jobs, bulk;
GRANT SELECT, DELETE ON remote_media TO app, jobs;
