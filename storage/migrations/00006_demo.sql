-- +goose Up
-- A demonstration that was cut off while it was filled is filled up at the next
-- start: built says that there is nothing more to tell.
ALTER TABLE installation ADD COLUMN built boolean NOT NULL DEFAULT false;
GRANT UPDATE (built) ON installation TO bulk;
