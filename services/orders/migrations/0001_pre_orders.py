"""The tables of orders: the shared ones, then those of each module from its own file."""

from pathlib import Path

from alembic import op

from shared.migrations import auditing, delivery, operating, personal, sagas

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal, sagas)
MODULES = ("carts", "checkout", "fulfilment", "aftersale")
TRACKED = {"checkout": "checkout_id", "orders": "order_id", "refund": "refund_id"}


def upgrade() -> None:
    for tables in SHARED:
        tables.create(op)
    for module in MODULES:
        op.execute((Path(__file__).with_suffix("") / f"{module}.sql").read_text())
    auditing.track(op, TRACKED)


def downgrade() -> None:
    op.execute("DROP TABLE shop_policy, refund, parcel_trace, carrier_report, parcel")
    op.execute("DROP TABLE order_step, order_line, orders, checkout, cart_line, cart")
    for tables in reversed(SHARED):
        tables.drop(op)
