-- +goose Up
-- Documents are kept like photos, and have no size to draw them in.

ALTER TABLE photo
    DROP CONSTRAINT photo_w_check,
    DROP CONSTRAINT photo_h_check,
    ADD CONSTRAINT photo_size CHECK (w > 0 AND h > 0 OR mime = 'application/pdf' AND w = 0 AND h = 0);
