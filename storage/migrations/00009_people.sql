-- +goose Up
-- How a person wants to be answered, and what they want to hear of.

ALTER TABLE profile
    ADD COLUMN postal   text NOT NULL DEFAULT '',
    ADD COLUMN hours    text NOT NULL DEFAULT '',
    ADD COLUMN note     text NOT NULL DEFAULT '',
    -- For whom the person speaks, where that is somebody else.
    ADD COLUMN speaks_for text NOT NULL DEFAULT '';

-- A wish to hear of one report or of an area. The person behind it goes with it.
CREATE TABLE subscription (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    profile_id      uuid NOT NULL,
    report_id       uuid,
    area_id         uuid,
    created         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, id),
    FOREIGN KEY (jurisdiction_id, profile_id) REFERENCES profile ON DELETE CASCADE,
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report,
    FOREIGN KEY (jurisdiction_id, area_id) REFERENCES area,
    CHECK ((report_id IS NULL) <> (area_id IS NULL))
);
CREATE INDEX subscription_report ON subscription (jurisdiction_id, report_id) WHERE report_id IS NOT NULL;
CREATE INDEX subscription_area ON subscription (jurisdiction_id, area_id) WHERE area_id IS NOT NULL;
CREATE INDEX subscription_profile ON subscription (jurisdiction_id, profile_id);
ALTER TABLE subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscription FORCE ROW LEVEL SECURITY;
CREATE POLICY town ON subscription
    USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
    WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid);
GRANT SELECT, INSERT ON subscription TO app;
GRANT SELECT ON subscription TO jobs, backup, migrator;
