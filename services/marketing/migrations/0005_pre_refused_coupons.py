"""Benefits that were refused keep which coupons stood in the way."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE benefits ADD COLUMN refused UUID[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE benefits DROP COLUMN refused")
