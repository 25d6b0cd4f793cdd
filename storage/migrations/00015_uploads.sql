-- +goose Up
-- Bytes of attachments on their way: which pieces of them lie in the bucket. The
-- sender is a person of the town hall or a case, whose reporter has its secret.
CREATE TABLE upload (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    sender          uuid NOT NULL,
    staff           boolean NOT NULL,
    report_id       uuid,
    sha256          text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes           bigint NOT NULL CHECK (bytes > 0),
    received        bigint NOT NULL CHECK (received BETWEEN 0 AND bytes),
    pieces          integer NOT NULL DEFAULT 0,
    metadata        text NOT NULL DEFAULT '' CHECK (length(metadata) <= 2048),
    state           text NOT NULL CHECK (state IN ('open', 'done', 'refused')),
    code            text NOT NULL DEFAULT '',
    moved           timestamptz NOT NULL DEFAULT now(),
    expires         timestamptz NOT NULL,
    PRIMARY KEY (jurisdiction_id, id),
    CHECK (state <> 'done' OR received = bytes)
);
CREATE INDEX upload_sender ON upload (jurisdiction_id, sender);
CREATE INDEX upload_open ON upload (jurisdiction_id, moved) WHERE state = 'open';
CREATE INDEX upload_expires ON upload (jurisdiction_id, expires);

CREATE TABLE upload_piece (
    jurisdiction_id uuid NOT NULL,
    upload_id       uuid NOT NULL,
    at              bigint NOT NULL CHECK (at >= 0),
    bytes           bigint NOT NULL CHECK (bytes > 0),
    key             text NOT NULL,
    PRIMARY KEY (jurisdiction_id, upload_id, at),
    FOREIGN KEY (jurisdiction_id, upload_id) REFERENCES upload ON DELETE CASCADE
);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['upload', 'upload_piece']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format($p$CREATE POLICY town ON %I
            USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
            WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)$p$, t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE, DELETE ON upload, upload_piece TO app, jobs;
GRANT SELECT ON upload, upload_piece TO backup, migrator;
