"""What has gone back of each line, what each refund pays of it, and the category, frozen with the line."""

from alembic import op

revision = "0016"
down_revision = "0015"

UPGRADE = """
ALTER TABLE order_line ADD COLUMN category text,
    ADD COLUMN refunded_quantity integer NOT NULL DEFAULT 0,
    ADD COLUMN refunded_amount bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT line_refunded_within_quantity CHECK (refunded_quantity BETWEEN 0 AND quantity),
    ADD CONSTRAINT line_refunded_within_paid CHECK (refunded_amount BETWEEN 0 AND paid);
ALTER TABLE refund ADD COLUMN by_line jsonb NOT NULL DEFAULT '[]';
"""
DOWNGRADE = """
ALTER TABLE refund DROP COLUMN by_line;
ALTER TABLE order_line DROP COLUMN category, DROP COLUMN refunded_quantity, DROP COLUMN refunded_amount;
"""


def upgrade() -> None:
    op.execute(UPGRADE)


def downgrade() -> None:
    op.execute(DOWNGRADE)
