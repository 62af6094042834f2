"""The auditor says up to when it has proven what it checks."""

from alembic import op

from shared.migrations import proven

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    proven.create(op)


def downgrade() -> None:
    proven.drop(op)
