"""Checkouts and orders keep what stood in their way, line by line."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("ALTER TABLE checkout ADD COLUMN refusal JSONB")
    op.execute("ALTER TABLE orders ADD COLUMN refusal JSONB")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN refusal")
    op.execute("ALTER TABLE checkout DROP COLUMN refusal")
