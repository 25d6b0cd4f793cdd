-- +goose Up
-- A report, what was said and shown about it, and who reported it.

CREATE TABLE report (
    jurisdiction_id  uuid NOT NULL REFERENCES jurisdiction,
    id               uuid NOT NULL,
    rev              bigint NOT NULL CHECK (rev > 0),
    code             text NOT NULL CHECK (code ~ '^[A-Z]{2}[0-9]{8}$'),
    service_id       uuid NOT NULL,
    channel          text NOT NULL CHECK (channel IN
        ('web', 'app', 'phone', 'counter', 'email', 'open311', 'staff')),
    status           text NOT NULL CHECK (status IN
        ('new', 'acknowledged', 'assigned', 'in_progress', 'planned', 'waiting',
         'resolved', 'closed', 'rejected')),
    title            text NOT NULL DEFAULT '',
    description      text NOT NULL DEFAULT '',
    point            geometry(Point, 4326),
    address          text NOT NULL DEFAULT '',
    area_id          uuid,
    desk_id          uuid,
    team_id          uuid,
    user_id          uuid,
    owner_id         uuid,
    priority         text NOT NULL DEFAULT '' CHECK (priority IN ('', 'low', 'high', 'urgent')),
    hazard           boolean NOT NULL DEFAULT false,
    visible          boolean NOT NULL DEFAULT false,
    text_public      boolean NOT NULL DEFAULT false,
    archived         boolean NOT NULL DEFAULT false,
    created          timestamptz NOT NULL,
    closed           timestamptz,
    first_reply_due  timestamptz,
    resolution_due   timestamptz,
    replied          timestamptz,
    facets           jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, code),
    FOREIGN KEY (jurisdiction_id, service_id) REFERENCES service,
    FOREIGN KEY (jurisdiction_id, area_id) REFERENCES area,
    FOREIGN KEY (jurisdiction_id, desk_id) REFERENCES desk,
    FOREIGN KEY (jurisdiction_id, team_id) REFERENCES team,
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user",
    FOREIGN KEY (jurisdiction_id, owner_id) REFERENCES "user",
    CHECK ((status IN ('resolved', 'closed', 'rejected')) = (closed IS NOT NULL))
);
CREATE INDEX report_point ON report USING gist (jurisdiction_id, point);
CREATE INDEX report_near ON report USING gist (jurisdiction_id, (point::geography));
CREATE INDEX report_created ON report (jurisdiction_id, created DESC, id);
CREATE INDEX report_due ON report (jurisdiction_id, closed) WHERE NOT archived AND closed IS NOT NULL;
CREATE INDEX report_placeless ON report (jurisdiction_id, created) WHERE point IS NULL;

CREATE TABLE message (
    jurisdiction_id uuid NOT NULL,
    id              uuid NOT NULL,
    report_id       uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('note', 'message')),
    text            text NOT NULL,
    PRIMARY KEY (jurisdiction_id, id),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
CREATE INDEX message_report ON message (jurisdiction_id, report_id);

-- The bytes, named by what they are; lon, lat and taken are what the file said
-- of itself before it was stripped, and are for the office alone.
CREATE TABLE photo (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    sha256          text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    mime            text NOT NULL,
    bytes           bigint NOT NULL CHECK (bytes > 0),
    w               integer NOT NULL CHECK (w > 0),
    h               integer NOT NULL CHECK (h > 0),
    lon             double precision,
    lat             double precision,
    taken           timestamptz,
    stored          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, sha256)
);

CREATE TABLE attachment (
    jurisdiction_id uuid NOT NULL,
    report_id       uuid NOT NULL,
    sha256          text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    waiting         boolean NOT NULL DEFAULT true,
    attached        timestamptz NOT NULL,
    PRIMARY KEY (jurisdiction_id, report_id, sha256),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
CREATE INDEX attachment_sha256 ON attachment (jurisdiction_id, sha256);
CREATE INDEX attachment_waiting ON attachment (jurisdiction_id, attached) WHERE waiting;

-- Personal data, apart, with the class that says how long they are kept.
CREATE TABLE profile (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    name            text NOT NULL DEFAULT '',
    prefers         text NOT NULL DEFAULT '' CHECK (prefers IN ('', 'phone', 'sms', 'email', 'letter', 'none')),
    lang            text NOT NULL DEFAULT 'it',
    retention       text NOT NULL DEFAULT 'case' CHECK (retention IN ('case', 'account')),
    created         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, id)
);

CREATE TABLE contact (
    jurisdiction_id uuid NOT NULL,
    profile_id      uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('email', 'phone')),
    value           text NOT NULL CHECK (value <> ''),
    verified        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (jurisdiction_id, profile_id, kind),
    FOREIGN KEY (jurisdiction_id, profile_id) REFERENCES profile ON DELETE CASCADE
);

CREATE TABLE report_reporter (
    jurisdiction_id uuid NOT NULL,
    report_id       uuid NOT NULL,
    profile_id      uuid NOT NULL,
    PRIMARY KEY (jurisdiction_id, report_id),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report,
    FOREIGN KEY (jurisdiction_id, profile_id) REFERENCES profile ON DELETE CASCADE
);
CREATE INDEX report_reporter_profile ON report_reporter (jurisdiction_id, profile_id);

-- What lets a citizen back in: a secret link, or the code with its PIN.
CREATE TABLE report_access (
    jurisdiction_id uuid NOT NULL,
    report_id       uuid NOT NULL,
    secret          bytea NOT NULL,
    pin             bytea NOT NULL,
    tries           integer NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction_id, report_id),
    FOREIGN KEY (jurisdiction_id, report_id) REFERENCES report
);
