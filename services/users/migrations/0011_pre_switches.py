"""Operators switch capabilities off and on."""

from alembic import op

from shared.migrations import switches

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    switches.create(op)


def downgrade() -> None:
    switches.drop(op)
