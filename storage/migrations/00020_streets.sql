-- +goose Up
-- House numbers of every form: the red series, flats, kilometres of a road, and
-- doors without a number (number and metres both 0).
ALTER TABLE address
    ADD COLUMN red     boolean NOT NULL DEFAULT false,
    ADD COLUMN flat    text    NOT NULL DEFAULT '',
    ADD COLUMN metres  integer NOT NULL DEFAULT 0 CHECK (metres >= 0),
    DROP CONSTRAINT address_number_check,
    ADD CONSTRAINT address_number_check CHECK (number BETWEEN 0 AND 99999);

-- The words of a name, without capitals, accents, apostrophes and signs: what is
-- compared when somebody has written a street's whole name.
CREATE FUNCTION words_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(fold($1), '[^[:alnum:]]+', ' ', 'g'));
ALTER TABLE street ADD COLUMN words text NOT NULL GENERATED ALWAYS AS (words_of(name)) STORED;
CREATE INDEX street_words ON street (jurisdiction_id, words) WHERE kind = 'street';

-- The street that somebody named, so that it stays the one that is shown; nothing
-- where it is only the nearest. Not a reference: registers come again.
ALTER TABLE report ADD COLUMN spot_way uuid;
