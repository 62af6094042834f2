"""Carts have a version; a line may hold more than one can put in, when a refused checkout brings it back."""

from alembic import op

revision = "0008"
down_revision = "0007"

UP = """
ALTER TABLE cart ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cart_line DROP CONSTRAINT cart_line_quantity_check;
ALTER TABLE cart_line ADD CONSTRAINT cart_line_quantity_check CHECK (quantity >= 1);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE cart DROP COLUMN version")
