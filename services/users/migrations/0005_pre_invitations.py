"""Owners of shops are invited; shops that are open keep the owner they have."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATES = "ALTER TABLE shop DROP CONSTRAINT shop_state_check, ADD CONSTRAINT shop_state_check CHECK (state IN ({}))"
INVITATIONS = """
ALTER TABLE shop ALTER COLUMN owner_id DROP NOT NULL,
    ADD CONSTRAINT shop_has_its_owner CHECK ((state = 'invited') = (owner_id IS NULL));

CREATE TABLE shop_invitation (
    invitation_id uuid PRIMARY KEY,
    shop_id       uuid NOT NULL REFERENCES shop,
    email         text NOT NULL CHECK (email = lower(email)),
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
CREATE UNIQUE INDEX shop_invitation_one_pending ON shop_invitation (shop_id)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX shop_invitation_accepted_once ON shop_invitation (shop_id) WHERE accepted_at IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(STATES.format("'invited', 'approved', 'suspended'"))
    op.execute(INVITATIONS)


def downgrade() -> None:
    op.execute("DROP TABLE shop_invitation")
    op.execute("DELETE FROM shop WHERE owner_id IS NULL")
    op.execute("ALTER TABLE shop DROP CONSTRAINT shop_has_its_owner, ALTER COLUMN owner_id SET NOT NULL")
    op.execute(STATES.format("'approved', 'suspended'"))
