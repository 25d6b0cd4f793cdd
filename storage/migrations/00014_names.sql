-- +goose Up
-- A kind of problem in the languages other than the town's own.
ALTER TABLE service ADD COLUMN names jsonb NOT NULL DEFAULT '{}';

-- Nobody is written to at an address that nobody has confirmed.
ALTER TABLE subscription ADD COLUMN confirmed timestamptz;
