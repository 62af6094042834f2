"""The operator's log, and the dead letters."""

from alembic import op

from shared.migrations import operating

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    operating.create(op)


def downgrade() -> None:
    operating.drop(op)
