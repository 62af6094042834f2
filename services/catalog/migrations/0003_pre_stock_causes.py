"""Entries of the stock journal have a cause beside their free text."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE stock_journal ADD COLUMN cause text")


def downgrade() -> None:
    op.execute("ALTER TABLE stock_journal DROP COLUMN cause")
