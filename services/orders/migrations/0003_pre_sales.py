"""An index to add up what a shop refunded in a time."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("CREATE INDEX refund_by_shop_and_decision ON refund (shop_id, decided_at)")


def downgrade() -> None:
    op.execute("DROP INDEX refund_by_shop_and_decision")
