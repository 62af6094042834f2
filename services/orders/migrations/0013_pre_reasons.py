"""Reasons are codes: what people typed about a cancellation or a refund has a column of its own."""

from alembic import op

revision = "0013"
down_revision = "0012"

# The codes that `reason` had beside typed texts; others came from the payment provider.
KNOWN = """
CREATE TEMPORARY TABLE known_reason ON COMMIT DROP AS SELECT unnest(ARRAY[
    'out_of_stock', 'off_shelf', 'stock_hold_exceeded', 'stock_unavailable', 'coupon_taken', 'coupon_expired',
    'coupon_not_found', 'benefits_unavailable', 'payment_unavailable', 'payment_expired', 'too_late', 'released',
    'cancelled_by_buyer', 'cancelled_by_operator', 'cancelled'
]) AS code
"""
# The shop's people, or the buyer, cancelled these orders after they were confirmed.
TYPED = """
UPDATE orders SET reason_text = orders.reason,
    reason = CASE step.actor WHEN 'shopper' THEN 'cancelled_by_buyer' ELSE 'refused_by_shop' END
FROM order_step step
WHERE step.order_id = orders.order_id AND step.state = 'cancelling'
    AND orders.reason NOT IN (SELECT code FROM known_reason)
"""
OF_PROVIDER = """
UPDATE orders SET reason = 'payment_refused'
WHERE reason_text IS NULL AND reason NOT IN (SELECT code FROM known_reason)
"""
CHECKOUTS = "UPDATE checkout SET reason = 'payment_refused' WHERE reason NOT IN (SELECT code FROM known_reason)"
REFUNDS = """
UPDATE refund SET reason_text = nullif(reason, 'cancelled'),
    reason = CASE kind WHEN 'cancellation' THEN 'order_cancelled' ELSE 'requested_by_buyer' END,
    failure = CASE WHEN failure IN ('payment_unpaid', 'refund_amount_invalid', 'refund_amount_exceeded',
        'payment_not_found', 'order_not_found', 'cancelled_by_operator') OR failure IS NULL
        THEN failure ELSE 'refund_failed' END
"""


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD COLUMN reason_text text")
    op.execute("ALTER TABLE refund ADD COLUMN reason_text text")
    op.execute("ALTER TABLE order_step ADD COLUMN reason text")
    for statement in (KNOWN, TYPED, OF_PROVIDER, CHECKOUTS, REFUNDS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("UPDATE orders SET reason = reason_text WHERE reason_text IS NOT NULL")
    op.execute("UPDATE refund SET reason = reason_text WHERE reason_text IS NOT NULL")
    op.execute("ALTER TABLE order_step DROP COLUMN reason")
    op.execute("ALTER TABLE refund DROP COLUMN reason_text")
    op.execute("ALTER TABLE orders DROP COLUMN reason_text")
