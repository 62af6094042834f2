"""Indexes to list and count checkouts and refunds by their owner and state."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE INDEX refund_by_shop_and_state ON refund (shop_id, state, refund_id)")
    op.execute("CREATE INDEX refund_by_buyer ON refund (buyer_id, refund_id)")
    op.execute("CREATE INDEX checkout_by_buyer ON checkout (buyer_id, checkout_id)")
    op.execute("DROP INDEX ix_checkout_buyer_id")


def downgrade() -> None:
    op.execute("CREATE INDEX ix_checkout_buyer_id ON checkout (buyer_id)")
    op.execute("DROP INDEX refund_by_shop_and_state, refund_by_buyer, checkout_by_buyer")
