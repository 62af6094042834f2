"""Operators switch capabilities off and on."""

from alembic import op

from shared.migrations import switches

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    switches.create(op)


def downgrade() -> None:
    switches.drop(op)
