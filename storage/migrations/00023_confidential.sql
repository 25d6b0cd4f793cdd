-- +goose Up
-- Services whose cases only their desk, their owner and the administrators read.
ALTER TABLE service ADD COLUMN confidential boolean NOT NULL DEFAULT false;
