"""The terms an order was priced by, what its shop does about refunds, and what refunds left with it."""

from alembic import op

revision = "0006"
down_revision = "0005"

ADD = """
CREATE TABLE shop_policy (
    shop_id UUID NOT NULL,
    policy TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (shop_id)
);
ALTER TABLE orders
    ADD COLUMN policy TEXT DEFAULT 'frozen_shares' NOT NULL,
    ADD COLUMN terms JSONB,
    ADD COLUMN withheld_goods BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN withheld_shipping BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE refund
    ADD COLUMN withheld_goods BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN withheld_shipping BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN why JSONB DEFAULT '[]' NOT NULL;
"""
DROP = """
ALTER TABLE refund DROP COLUMN withheld_goods, DROP COLUMN withheld_shipping, DROP COLUMN why;
ALTER TABLE orders
    DROP COLUMN policy, DROP COLUMN terms, DROP COLUMN withheld_goods, DROP COLUMN withheld_shipping;
DROP TABLE shop_policy;
"""


def upgrade() -> None:
    op.execute(ADD)


def downgrade() -> None:
    op.execute(DROP)
