"""Create the tables of marketing."""

from alembic import op

from shared.migrations import auditing, delivery, initial, operating, personal

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal)
MODULES = ("pricing", "coupons", "benefits")
TRACKED = {"campaigns": "campaign_id", "coupons": "coupon_id", "benefits": "checkout_id"}


def upgrade() -> None:
    initial.create(op, __file__, SHARED, MODULES, TRACKED)


def downgrade() -> None:
    op.execute("DROP TABLE benefits, coupon_transitions, coupons, campaigns, shops, prices, products")
    op.execute("DROP FUNCTION keep_as_written")
    initial.drop(op, SHARED)
