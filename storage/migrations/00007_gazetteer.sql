-- +goose Up
-- Places by name: streets of several sources, and house numbers.

-- unaccent is only STABLE because its dictionary may change; ours does not.
CREATE FUNCTION fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, replace($1, '''', ' ')));

ALTER TABLE street
    ADD COLUMN source   text NOT NULL DEFAULT '',
    ADD COLUMN locality text NOT NULL DEFAULT '',
    ADD COLUMN folded   text NOT NULL GENERATED ALWAYS AS (fold(name)) STORED;
DROP INDEX street_name;
CREATE INDEX street_folded ON street USING gist (jurisdiction_id, folded gist_trgm_ops) WHERE kind = 'street';

-- A house number names its street instead of referring to it: numbers and
-- streets come from different registers, in any order, and again.
CREATE TABLE address (
    jurisdiction_id uuid NOT NULL REFERENCES jurisdiction,
    id              uuid NOT NULL,
    source          text NOT NULL,
    street          text NOT NULL CHECK (street <> ''),
    locality        text NOT NULL DEFAULT '',
    folded          text NOT NULL GENERATED ALWAYS AS (fold(street)) STORED,
    number          integer NOT NULL CHECK (number BETWEEN 1 AND 9999),
    suffix          text NOT NULL DEFAULT '',
    postcode        text NOT NULL DEFAULT '',
    point           geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (jurisdiction_id, id)
);
CREATE INDEX address_number ON address (jurisdiction_id, folded, number);
CREATE INDEX address_point ON address USING gist (jurisdiction_id, point);
CREATE INDEX address_source ON address (jurisdiction_id, source);
ALTER TABLE address ENABLE ROW LEVEL SECURITY;
ALTER TABLE address FORCE ROW LEVEL SECURITY;
CREATE POLICY town ON address
    USING (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid)
    WITH CHECK (jurisdiction_id = nullif(current_setting('app.jurisdiction', true), '')::uuid);
GRANT SELECT ON address TO app, jobs, backup, migrator;
GRANT SELECT, INSERT, UPDATE, DELETE ON address TO bulk;

-- How many people live in an area, for figures per inhabitant.
ALTER TABLE area ADD COLUMN population integer NOT NULL DEFAULT 0 CHECK (population >= 0);
