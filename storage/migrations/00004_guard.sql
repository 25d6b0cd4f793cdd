-- +goose Up
-- Each town sees its own rows. A connection that has named no town sees none.

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['area', 'desk', 'team', 'service', 'route', 'user', 'user_team',
        'user_desk', 'street', 'report', 'message', 'photo', 'attachment', 'profile', 'contact',
        'report_reporter', 'report_access', 'device', 'edit', 'scope_head', 'scope_log',
        'membership', 'town_item', 'session', 'enrolment', 'audit']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format($p$CREATE POLICY town ON %I
            USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
            WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)$p$, t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
    LOOP
        EXECUTE format('GRANT SELECT ON %I TO backup, migrator', t);
    END LOOP;
END $$;
-- +goose StatementEnd

GRANT SELECT ON installation, jurisdiction, jurisdiction_host TO app, jobs, bulk;
GRANT UPDATE (rules) ON jurisdiction TO bulk;
GRANT INSERT, UPDATE ON jurisdiction, jurisdiction_host TO bulk;
GRANT UPDATE (epoch, kind) ON installation TO bulk;

GRANT SELECT ON area, desk, team, service, route, "user", user_team, user_desk, street TO app, jobs, bulk;
GRANT INSERT, UPDATE, DELETE ON area, desk, team, service, route, "user", user_team, user_desk, street TO bulk;

GRANT SELECT, INSERT, UPDATE ON report, photo, attachment, profile, report_access, scope_head TO app, jobs, bulk;
GRANT SELECT, INSERT, UPDATE, DELETE ON message, contact, report_reporter, membership TO app, jobs, bulk;
GRANT DELETE ON profile, attachment, photo TO app, jobs;
GRANT SELECT, INSERT ON edit, audit TO app, jobs, bulk;
GRANT SELECT, INSERT ON scope_log TO app, jobs, bulk;
GRANT UPDATE (body) ON scope_log TO app, jobs, bulk;
GRANT SELECT ON town_item TO app, jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON town_item TO bulk;
GRANT SELECT, INSERT, UPDATE ON device TO app, bulk;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, enrolment TO app;
GRANT DELETE ON session, enrolment TO jobs;
GRANT SELECT ON device, session, enrolment TO jobs;
GRANT INSERT, SELECT ON enrolment TO bulk;
