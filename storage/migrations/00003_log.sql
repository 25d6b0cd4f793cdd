-- +goose Up
-- Edits, and the log that everybody follows.

CREATE TABLE device (
    jurisdiction_id uuid NOT NULL,
    id              uuid NOT NULL,
    user_id         uuid NOT NULL,
    name            text NOT NULL DEFAULT '',
    last_n          bigint NOT NULL DEFAULT 0,
    refresh         bytea NOT NULL,
    refresh_expires timestamptz NOT NULL,
    revoked         boolean NOT NULL DEFAULT false,
    created         timestamptz NOT NULL DEFAULT now(),
    changed         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, id),
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user"
);
CREATE INDEX device_changed ON device (jurisdiction_id, changed);
CREATE INDEX device_user ON device (jurisdiction_id, user_id);
CREATE UNIQUE INDEX device_refresh ON device (jurisdiction_id, refresh);

-- History: every edit with its answer, for ever. args hold no text of messages
-- and nothing of contacts.
CREATE TABLE edit (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    device_id       uuid,
    n               bigint,
    report_id       uuid NOT NULL,
    kind            text NOT NULL,
    digest          bytea NOT NULL,
    args            jsonb,
    result          jsonb NOT NULL,
    rev             bigint,
    role            text NOT NULL,
    user_id         uuid,
    made            timestamptz,
    received        timestamptz NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX edit_report ON edit (jurisdiction_id, report_id, received);

CREATE TABLE scope_head (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    scope           text NOT NULL,
    v               bigint NOT NULL DEFAULT 0,
    min_v           bigint NOT NULL DEFAULT 0,
    n               bigint NOT NULL DEFAULT 0,
    sum_a           bigint NOT NULL DEFAULT 0 CHECK (sum_a BETWEEN 0 AND 4294967295),
    sum_b           bigint NOT NULL DEFAULT 0 CHECK (sum_b BETWEEN 0 AND 4294967295),
    PRIMARY KEY (jurisdiction_id, scope)
) WITH (fillfactor = 20);

CREATE TABLE scope_log (
    jurisdiction_id uuid NOT NULL,
    scope           text NOT NULL,
    v               bigint NOT NULL,
    day             date NOT NULL,
    seq             integer NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('enter', 'patch', 'leave')),
    report_id       uuid NOT NULL,
    rev             bigint NOT NULL,
    body            jsonb,
    why             text CHECK (why IN ('reassigned', 'closed', 'moved', 'hidden', 'erased', 'revoked')),
    edit_id         uuid,
    sum_a           bigint NOT NULL,
    sum_b           bigint NOT NULL,
    PRIMARY KEY (jurisdiction_id, scope, v, seq, day)
) PARTITION BY RANGE (day);
CREATE INDEX scope_log_report ON scope_log (jurisdiction_id, report_id);

-- Which report stands in which scope, and at which rev the scope has it. The
-- things of town: scopes stand here too, so report_id refers to no one table.
CREATE TABLE membership (
    jurisdiction_id uuid NOT NULL,
    scope           text NOT NULL,
    report_id       uuid NOT NULL,
    rev             bigint NOT NULL,
    PRIMARY KEY (jurisdiction_id, scope, report_id)
);
CREATE INDEX membership_report ON membership (jurisdiction_id, report_id);

CREATE TABLE town_item (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    rev             bigint NOT NULL,
    body            jsonb NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);

CREATE TABLE session (
    jurisdiction_id uuid NOT NULL,
    token           bytea NOT NULL,
    user_id         uuid NOT NULL,
    created         timestamptz NOT NULL DEFAULT now(),
    seen            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, token),
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user"
);
CREATE INDEX session_of_user ON session (jurisdiction_id, user_id);

CREATE TABLE enrolment (
    jurisdiction_id uuid NOT NULL,
    code            bytea NOT NULL,
    user_id         uuid NOT NULL,
    expires         timestamptz NOT NULL,
    PRIMARY KEY (jurisdiction_id, code),
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user"
);

CREATE TABLE audit (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    at              timestamptz NOT NULL DEFAULT now(),
    user_id         uuid,
    action          text NOT NULL,
    about           uuid,
    PRIMARY KEY (jurisdiction_id, id)
);
