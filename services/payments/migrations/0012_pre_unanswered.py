"""Since when a provider has not said how an attempt stands: a person may then settle the refund all the same."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("ALTER TABLE refund_attempts ADD COLUMN unanswered_since timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE refund_attempts DROP COLUMN unanswered_since")
