"""What the service listens to, and since when."""

from alembic import op

from shared.migrations import listening

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    listening.create(op)


def downgrade() -> None:
    listening.drop(op)
