"""Lines, and the shipping of an order, keep who bears their discounts. What was placed before does not know."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("ALTER TABLE order_line ADD COLUMN allocations jsonb NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE orders ADD COLUMN shipping_allocations jsonb NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN shipping_allocations")
    op.execute("ALTER TABLE order_line DROP COLUMN allocations")
