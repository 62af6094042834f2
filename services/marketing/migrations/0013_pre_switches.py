"""Operators switch capabilities off and on."""

from alembic import op

from shared.migrations import switches

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    switches.create(op)


def downgrade() -> None:
    switches.drop(op)
