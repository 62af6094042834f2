"""The tables of marketing: the shared ones, then those of each module from its own file."""

from pathlib import Path

from alembic import op

from shared.migrations import auditing, delivery, operating, personal

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal)
MODULES = ("pricing", "coupons", "benefits")
TRACKED = {"campaigns": "campaign_id", "coupons": "coupon_id", "benefits": "checkout_id"}


def upgrade() -> None:
    for tables in SHARED:
        tables.create(op)
    for module in MODULES:
        op.execute((Path(__file__).with_suffix("") / f"{module}.sql").read_text())
    auditing.track(op, TRACKED)


def downgrade() -> None:
    op.execute("DROP TABLE benefits, coupon_transitions, coupons, campaigns, shops, prices, products")
    op.execute("DROP FUNCTION keep_as_written")
    for tables in reversed(SHARED):
        tables.drop(op)
