"""Whose a reservation is, and how much one person holds of a SKU."""

from alembic import op

revision = "0010"
down_revision = "0009"

ADD = """
ALTER TABLE reservation ADD COLUMN buyer_id UUID;
ALTER TABLE stock_claim DROP CONSTRAINT stock_claim_reason_check;
ALTER TABLE stock_claim ADD CONSTRAINT stock_claim_reason_check
    CHECK (reason IN ('out_of_stock', 'off_shelf', 'too_late', 'stock_hold_exceeded'));
CREATE INDEX reservation_open_by_buyer ON reservation (buyer_id, sku_id) WHERE state = 'open';
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute("ALTER TABLE reservation DROP COLUMN buyer_id")  # the wider check fits the older code as well
