"""Create the tables of orders."""

from alembic import op

from shared.migrations import auditing, delivery, initial, operating, personal, sagas

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal, sagas)
MODULES = ("carts", "checkout", "fulfilment", "aftersale")
TRACKED = {"checkout": "checkout_id", "orders": "order_id", "refund": "refund_id"}


def upgrade() -> None:
    initial.create(op, __file__, SHARED, MODULES, TRACKED)


def downgrade() -> None:
    op.execute("DROP TABLE shop_policy, refund, parcel_trace, carrier_report, parcel")
    op.execute("DROP TABLE order_step, order_line, orders, checkout, cart_line, cart")
    initial.drop(op, SHARED)
