-- +goose Up
-- A device that has ended was lost, and forgets what it holds, or its person was
-- signed out, and finds it again when they come back. To the program before this one
-- both are revoked.
ALTER TABLE device
    ADD COLUMN signed_out boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT device_signed_out CHECK (revoked OR NOT signed_out);

-- Who made a code, whose end it does not outlive; nobody is whoever runs the program.
ALTER TABLE enrolment ADD COLUMN made_by uuid;

GRANT DELETE ON enrolment TO bulk;
