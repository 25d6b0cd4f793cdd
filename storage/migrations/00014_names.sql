-- +goose Up
-- A kind of problem in the languages other than the town's own.
ALTER TABLE service ADD COLUMN names jsonb NOT NULL DEFAULT '{}';
