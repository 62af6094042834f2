"""Accounts, sessions, shops, addresses; the delivery core's tables."""

from alembic import op

from shared.migrations import delivery

revision = "0001_pre"
down_revision = None

TABLES = """
CREATE TABLE account (
    user_id       uuid PRIMARY KEY,
    email         text NOT NULL UNIQUE CHECK (email = lower(email)),
    name          text NOT NULL,
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    standings     text[] NOT NULL CHECK (standings <@ ARRAY['shopper', 'operator']),
    created_at    timestamptz NOT NULL
);

CREATE TABLE sign_in_guard (
    email_digest bytea PRIMARY KEY,
    failures     integer NOT NULL CHECK (failures >= 0),
    last_at      timestamptz NOT NULL
);
CREATE INDEX sign_in_guard_by_age ON sign_in_guard (last_at);

CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES account,
    started_at timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    ended      text
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_age ON session (used_at);

CREATE TABLE refresh_token (
    digest     bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
    used_at    timestamptz,
    salt       bytea,
    CHECK ((used_at IS NULL) = (salt IS NULL))
);
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);
CREATE UNIQUE INDEX refresh_token_one_unused ON refresh_token (session_id) WHERE used_at IS NULL;

CREATE TABLE shop (
    shop_id   uuid PRIMARY KEY,
    slug      text NOT NULL UNIQUE,
    name      text NOT NULL,
    owner_id  uuid NOT NULL REFERENCES account,
    state     text NOT NULL CHECK (state IN ('approved', 'suspended')),
    version   integer NOT NULL CHECK (version > 0),
    opened_at timestamptz NOT NULL
);
CREATE INDEX shop_approved ON shop (shop_id) WHERE state = 'approved';

CREATE TABLE shop_member (
    user_id uuid NOT NULL REFERENCES account,
    shop_id uuid NOT NULL REFERENCES shop,
    duty    text NOT NULL CHECK (duty IN ('owner', 'staff')),
    PRIMARY KEY (user_id, shop_id)
);
CREATE UNIQUE INDEX shop_member_one_owner ON shop_member (shop_id) WHERE duty = 'owner';

CREATE TABLE address (
    address_id uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES account,
    contact    text NOT NULL,
    phone      text NOT NULL,
    province   text NOT NULL,
    city       text NOT NULL,
    district   text NOT NULL,
    street     text NOT NULL,
    postcode   text NOT NULL,
    is_default boolean NOT NULL
);
CREATE INDEX address_by_user ON address (user_id, address_id);
CREATE UNIQUE INDEX address_one_default ON address (user_id) WHERE is_default;
"""


def upgrade():
    op.execute(TABLES)
    delivery.create(op)
