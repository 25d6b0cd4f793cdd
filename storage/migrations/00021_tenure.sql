-- +goose Up
-- Who was in which team, and when: what somebody did without a network while their
-- team had a case is theirs to report after it has left them.
CREATE TABLE tenure (
    jurisdiction_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    team_id         uuid NOT NULL,
    since           timestamptz NOT NULL,
    until           timestamptz CHECK (until >= since),
    PRIMARY KEY (jurisdiction_id, user_id, team_id, since),
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user"
);

ALTER TABLE tenure ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenure FORCE ROW LEVEL SECURITY;
CREATE POLICY town ON tenure
    USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
    WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid);
GRANT SELECT ON tenure TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenure TO jobs, bulk;
GRANT SELECT ON tenure TO backup;
GRANT SELECT, INSERT ON tenure TO migrator;
GRANT SELECT ON user_team TO jobs, migrator;

-- Those who are in a team now are taken to have been in it since before any work
-- that may still come.
SET LOCAL ROLE migrator;
INSERT INTO tenure (jurisdiction_id, user_id, team_id, since)
SELECT jurisdiction_id, user_id, team_id, '2000-01-01' FROM user_team;
SET LOCAL ROLE owner;
REVOKE INSERT ON tenure FROM migrator;
