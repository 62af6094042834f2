"""Create the tables of users."""

from alembic import op

from shared.migrations import auditing, delivery, initial, operating, personal, provider_calls, sagas

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal, provider_calls, sagas)
MODULES = ("accounts", "sessions", "shops", "addresses", "messages", "erasure", "audits")


def upgrade() -> None:
    initial.create(op, __file__, SHARED, MODULES, {})


def downgrade() -> None:
    op.execute("DROP TABLE audit_quarter, audit_finding, audit_invariant, audit_report")
    op.execute("DROP TABLE erasure, message_preference, message, address, shop_invitation, shop_member, shop")
    op.execute("DROP TABLE refresh_token, session, sign_in_guard, account")
    initial.drop(op, SHARED)
