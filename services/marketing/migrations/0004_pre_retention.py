"""Closed dead letters are found by their age."""

from alembic import op

from shared.migrations import retention

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    retention.create(op)


def downgrade() -> None:
    retention.drop(op)
