"""Campaigns can be paused, and their held and redeemed coupons are counted by an index."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE campaigns ADD COLUMN paused boolean NOT NULL DEFAULT false")
    op.execute("CREATE INDEX coupons_taken ON coupons (campaign_id, state) WHERE state <> 'free'")


def downgrade() -> None:
    op.execute("DROP INDEX coupons_taken")
    op.execute("ALTER TABLE campaigns DROP COLUMN paused")
