"""Tally calls a provider."""

from alembic import op

from shared.migrations import provider_calls

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    provider_calls.create(op)


def downgrade() -> None:
    provider_calls.drop(op)
