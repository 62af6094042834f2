"""The auditor goes by what was changed since it looked last."""

from alembic import op

from shared.migrations import changes

revision = "0009"
down_revision = "0008"

TABLES = {"checkout": "checkout_id", "orders": "order_id", "refund": "refund_id", "saga": "saga_id"}


def upgrade() -> None:
    changes.create(op, TABLES)


def downgrade() -> None:
    changes.drop(op, TABLES)
