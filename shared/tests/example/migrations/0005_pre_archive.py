"""The auditor says up to when it has proven what it checks."""

from alembic import op

from shared.migrations import proven

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    proven.create(op)


def downgrade() -> None:
    proven.drop(op)
