"""The auditor goes by what was changed since it looked last."""

from alembic import op

from shared.migrations import changes

revision = "0008"
down_revision = "0007"

TABLES = {
    "payments": "payment_id",
    "refunds": "refund_id",
    "captures": "capture_id",
    "ledger_postings": "posting_id",
}


def upgrade() -> None:
    changes.create(op, TABLES)


def downgrade() -> None:
    changes.drop(op, TABLES)
