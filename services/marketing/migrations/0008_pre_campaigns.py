"""Campaigns that are over are marked, so that a list of open ones does not pass by them."""

from alembic import op

revision = "0008"
down_revision = "0007"

OVER = """
ALTER TABLE campaigns ADD COLUMN over boolean NOT NULL DEFAULT false;
UPDATE campaigns SET over = true WHERE ends_at <= now();
CREATE INDEX campaigns_not_over ON campaigns (campaign_id) WHERE NOT over;
CREATE INDEX campaigns_not_over_of_shop ON campaigns (shop_id, campaign_id) WHERE NOT over;
CREATE INDEX campaigns_to_end ON campaigns (ends_at) WHERE NOT over;
"""


def upgrade() -> None:
    op.execute(OVER)


def downgrade() -> None:
    op.execute("DROP INDEX campaigns_to_end, campaigns_not_over_of_shop, campaigns_not_over")
    op.execute("ALTER TABLE campaigns DROP COLUMN over")
