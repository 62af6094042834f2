"""The copy of the catalogue's prices keeps each product's category, so that quotes carry it."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("ALTER TABLE products ADD COLUMN category text")


def downgrade() -> None:
    op.execute("ALTER TABLE products DROP COLUMN category")
