"""Operators switch capabilities off and on."""

from alembic import op

from shared.migrations import switches

revision = "0008"
down_revision = "0007"


def upgrade():
    switches.create(op)


def downgrade():
    switches.drop(op)
