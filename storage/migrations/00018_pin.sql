-- +goose Up
-- Wrong PINs, where they were given, and how often the office gave a new one.
-- report_access.tries belongs to the program before this one.

-- By the hour, of a report or of the whole town (its own id), from places where
-- none was ever right.
CREATE TABLE pin_try (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    subject         uuid NOT NULL,
    hour            timestamptz NOT NULL,
    tries           integer NOT NULL CHECK (tries > 0),
    PRIMARY KEY (jurisdiction_id, subject, hour)
);
CREATE INDEX pin_try_hour ON pin_try (jurisdiction_id, hour);

-- place recognises an address, by a keyed hash of its own for each report.
CREATE TABLE pin_place (
    jurisdiction_id uuid NOT NULL,
    report_id       uuid NOT NULL,
    place           bytea NOT NULL,
    failures        integer NOT NULL,
    at              timestamptz NOT NULL,
    opened          timestamptz,
    PRIMARY KEY (jurisdiction_id, report_id, place),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
CREATE INDEX pin_place_at ON pin_place (jurisdiction_id, at);

ALTER TABLE report_access ADD COLUMN pin_turn integer NOT NULL DEFAULT 0;

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['pin_try', 'pin_place']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format($p$CREATE POLICY town ON %I
            USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
            WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)$p$, t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE, DELETE ON pin_try, pin_place TO app, jobs;
GRANT SELECT ON pin_try, pin_place TO backup, migrator;
