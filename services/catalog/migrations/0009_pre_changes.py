"""The auditor goes by what was changed since it looked last."""

from alembic import op

from shared.migrations import changes

revision = "0009"
down_revision = "0008"

TABLES = {"stock_claim": "checkout_id", "stock_journal": "position"}


def upgrade() -> None:
    changes.create(op, TABLES)


def downgrade() -> None:
    changes.drop(op, TABLES)
