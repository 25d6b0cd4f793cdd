-- +goose Up
-- What belongs to the installation, and what a town is made of.

CREATE TABLE installation (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch   uuid    NOT NULL DEFAULT gen_random_uuid(),
    secret  bytea   NOT NULL CHECK (length(secret) = 32),
    kind    text    NOT NULL DEFAULT 'town' CHECK (kind IN ('town', 'demo'))
);

CREATE TABLE jurisdiction (
    id       uuid PRIMARY KEY,
    slug     text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9.-]{0,62}$'),
    name     text NOT NULL CHECK (name <> ''),
    prefix   text NOT NULL CHECK (prefix ~ '^[A-Z]{2}$'),
    locale   text NOT NULL DEFAULT 'it',
    zone     text NOT NULL DEFAULT 'Europe/Rome',
    calendar jsonb NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    boundary geometry(MultiPolygon, 4326),
    rules    bigint NOT NULL DEFAULT 1
);

CREATE TABLE jurisdiction_host (
    host            text PRIMARY KEY,
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction
);

CREATE TABLE area (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    name            text NOT NULL,
    outside         boolean NOT NULL DEFAULT false,
    shape           geometry(MultiPolygon, 4326),
    PRIMARY KEY (jurisdiction_id, id),
    CHECK (outside = (shape IS NULL))
);
CREATE UNIQUE INDEX area_outside ON area (jurisdiction_id) WHERE outside;
CREATE INDEX area_shape ON area USING gist (jurisdiction_id, shape);

CREATE TABLE desk (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    name            text NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);

CREATE TABLE team (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('crew', 'contractor')),
    PRIMARY KEY (jurisdiction_id, id)
);

CREATE TABLE service (
    jurisdiction_id     uuid NOT NULL REFERENCES jurisdiction,
    id                  uuid NOT NULL,
    code                text NOT NULL CHECK (code ~ '^[A-Za-z0-9_.-]{1,60}$'),
    name                text NOT NULL,
    "group"             text NOT NULL DEFAULT '',
    kind                text NOT NULL CHECK (kind IN ('issue', 'assistance')),
    public              text NOT NULL CHECK (public IN ('never', 'place', 'text', 'photos')),
    contact             text NOT NULL CHECK (contact IN ('none', 'optional', 'verified')),
    description         text NOT NULL DEFAULT '',
    keywords            text[] NOT NULL DEFAULT '{}',
    first_reply_minutes integer NOT NULL DEFAULT 0 CHECK (first_reply_minutes >= 0),
    resolution_days     integer NOT NULL DEFAULT 0 CHECK (resolution_days >= 0),
    checklist           jsonb NOT NULL DEFAULT '[]',
    desk_id             uuid,
    position            integer NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, code),
    FOREIGN KEY (jurisdiction_id, desk_id) REFERENCES desk
);

CREATE TABLE route (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    service_id      uuid,
    area_id         uuid,
    desk_id         uuid,
    team_id         uuid,
    PRIMARY KEY (jurisdiction_id, id),
    FOREIGN KEY (jurisdiction_id, service_id) REFERENCES service,
    FOREIGN KEY (jurisdiction_id, area_id) REFERENCES area,
    FOREIGN KEY (jurisdiction_id, desk_id) REFERENCES desk,
    FOREIGN KEY (jurisdiction_id, team_id) REFERENCES team
);

CREATE TABLE "user" (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    login           text NOT NULL CHECK (login = lower(login) AND login <> ''),
    name            text NOT NULL,
    role            text NOT NULL CHECK (role IN
        ('operator', 'foreman', 'crew', 'contractor', 'planner', 'viewer', 'admin')),
    password        text NOT NULL DEFAULT '',
    disabled        boolean NOT NULL DEFAULT false,
    changed         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (jurisdiction_id, id),
    UNIQUE (jurisdiction_id, login)
);
CREATE INDEX user_changed ON "user" (jurisdiction_id, changed);

CREATE TABLE user_team (
    jurisdiction_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    team_id         uuid NOT NULL,
    PRIMARY KEY (jurisdiction_id, user_id, team_id),
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user",
    FOREIGN KEY (jurisdiction_id, team_id) REFERENCES team
);

CREATE TABLE user_desk (
    jurisdiction_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    desk_id         uuid NOT NULL,
    PRIMARY KEY (jurisdiction_id, user_id, desk_id),
    FOREIGN KEY (jurisdiction_id, user_id) REFERENCES "user",
    FOREIGN KEY (jurisdiction_id, desk_id) REFERENCES desk
);

CREATE TABLE street (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('sea', 'coast', 'district', 'street', 'park', 'rail')),
    name            text NOT NULL DEFAULT '',
    class           smallint NOT NULL DEFAULT 2 CHECK (class BETWEEN 0 AND 2),
    shape           geometry(Geometry, 4326) NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX street_name ON street USING gist (jurisdiction_id, name gist_trgm_ops) WHERE kind = 'street';
CREATE INDEX street_shape ON street USING gist (jurisdiction_id, shape);
