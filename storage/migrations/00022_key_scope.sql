-- +goose Up
-- A key may act on what its program has sent; on every case that the public sees only
-- where that was said when it was made.
ALTER TABLE api_key DROP CONSTRAINT api_key_scopes_check;
ALTER TABLE api_key ADD CONSTRAINT api_key_scopes_check
    CHECK (scopes <@ ARRAY['requests', 'updates', 'every'] AND scopes <> '{}');
