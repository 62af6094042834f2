-- A shop has no owner until the invitation to own it is accepted.
CREATE TABLE shop (
    shop_id   uuid PRIMARY KEY,
    slug      text NOT NULL UNIQUE,
    name      text NOT NULL,
    owner_id  uuid REFERENCES account,
    state     text NOT NULL CHECK (state IN ('invited', 'approved', 'suspended')),
    version   integer NOT NULL CHECK (version > 0),
    opened_at timestamptz NOT NULL,
    CONSTRAINT shop_has_its_owner CHECK ((state = 'invited') = (owner_id IS NULL))
);
CREATE INDEX shop_by_slug ON shop (slug text_pattern_ops);
CREATE INDEX shop_by_name ON shop (lower(name) text_pattern_ops);
CREATE INDEX shop_approved ON shop (shop_id) WHERE state = 'approved';

CREATE TABLE shop_invitation (
    invitation_id uuid PRIMARY KEY,
    shop_id       uuid NOT NULL REFERENCES shop,
    email         bytea NOT NULL,
    email_index   bytea,
    token_digest  bytea NOT NULL UNIQUE,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    accepted_at   timestamptz,
    accepted_by   uuid REFERENCES account,
    revoked_at    timestamptz,
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX shop_invitation_by_shop ON shop_invitation (shop_id, invitation_id);
CREATE INDEX shop_invitation_by_email ON shop_invitation (email_index);
CREATE UNIQUE INDEX shop_invitation_one_pending ON shop_invitation (shop_id)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX shop_invitation_accepted_once ON shop_invitation (shop_id) WHERE accepted_at IS NOT NULL;
-- For the erasure of a user, and for the auditor's check of it.
CREATE INDEX shop_invitation_by_accepted ON shop_invitation (accepted_by) WHERE accepted_by IS NOT NULL;

CREATE TABLE shop_member (
    user_id uuid NOT NULL REFERENCES account,
    shop_id uuid NOT NULL REFERENCES shop,
    duty    text NOT NULL CHECK (duty IN ('owner', 'staff')),
    PRIMARY KEY (user_id, shop_id)
);
CREATE UNIQUE INDEX shop_member_one_owner ON shop_member (shop_id) WHERE duty = 'owner';
