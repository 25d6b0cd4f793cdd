-- +goose Up
-- Secrets follow from the town too. version 1 is what was derived from the
-- installation's secret alone: links, PINs and tokens given out go on working, and
-- the program before this one goes on making them.

ALTER TABLE report_access
    ADD COLUMN version smallint NOT NULL DEFAULT 1 CHECK (version IN (1, 2)),
    -- The hash of what the sender of the report proves themselves by.
    ADD COLUMN nonce   bytea CHECK (length(nonce) = 32),
    ADD CONSTRAINT report_access_nonce CHECK ((version = 1) = (nonce IS NULL));
ALTER TABLE subscription ADD COLUMN version smallint NOT NULL DEFAULT 1 CHECK (version IN (1, 2));
ALTER TABLE device ADD COLUMN version smallint NOT NULL DEFAULT 1 CHECK (version IN (1, 2));
