-- Personal data is encrypted; the place names are those of the division list for the code.
CREATE TABLE address (
    address_id    uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES account,
    contact       bytea NOT NULL,
    phone         bytea NOT NULL,
    country       text NOT NULL DEFAULT 'CN',
    province      text NOT NULL,
    city          text NOT NULL,
    district      text NOT NULL,
    street        bytea NOT NULL,
    postcode      bytea NOT NULL,
    division_code text,
    is_default    boolean NOT NULL
);
CREATE INDEX address_by_user ON address (user_id, address_id);
CREATE UNIQUE INDEX address_one_default ON address (user_id) WHERE is_default;
