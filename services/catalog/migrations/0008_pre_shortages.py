"""A refused claim keeps what stood in its way line by line: how much was wanted, and how much there was."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("ALTER TABLE stock_claim ADD COLUMN shortages JSONB NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    op.execute("ALTER TABLE stock_claim DROP COLUMN shortages")
