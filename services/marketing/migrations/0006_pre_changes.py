"""The auditor goes by what was changed since it looked last."""

from alembic import op

from shared.migrations import changes

revision = "0006"
down_revision = "0005"

TABLES = {"campaigns": "campaign_id", "coupons": "coupon_id", "benefits": "checkout_id"}


def upgrade() -> None:
    changes.create(op, TABLES)


def downgrade() -> None:
    changes.drop(op, TABLES)
