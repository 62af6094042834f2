"""What goes back of each line: by refund, and in all."""

from alembic import op

revision = "0015"
down_revision = "0014"

UPGRADE = """
ALTER TABLE payment_lines ADD COLUMN refunded_quantity integer NOT NULL DEFAULT 0,
    ADD COLUMN refunded bigint NOT NULL DEFAULT 0,
    ADD CHECK (refunded_quantity BETWEEN 0 AND quantity),
    ADD CHECK (refunded BETWEEN 0 AND paid);
ALTER TABLE refunds ADD COLUMN lines jsonb NOT NULL DEFAULT '[]';
"""


def upgrade() -> None:
    op.execute(UPGRADE)


def downgrade() -> None:
    op.execute("ALTER TABLE payment_lines DROP COLUMN refunded_quantity, DROP COLUMN refunded")
    op.execute("ALTER TABLE refunds DROP COLUMN lines")
