"""Create the tables of users: those all services share, then those of each module from its own file."""

from pathlib import Path

from alembic import op

from shared.migrations import auditing, delivery, operating, personal, provider_calls, sagas

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal, provider_calls, sagas)
MODULES = ("accounts", "sessions", "shops", "addresses", "messages", "erasure")


def upgrade() -> None:
    for tables in SHARED:
        tables.create(op)
    for module in MODULES:
        op.execute((Path(__file__).with_suffix("") / f"{module}.sql").read_text())


def downgrade() -> None:
    op.execute("DROP TABLE erasure, message_preference, message, address, shop_invitation, shop_member, shop")
    op.execute("DROP TABLE refresh_token, session, sign_in_guard, account")
    for tables in reversed(SHARED):
        tables.drop(op)
