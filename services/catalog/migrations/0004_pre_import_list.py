"""An index to list the imports of a shop."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("CREATE INDEX product_import_of_shop ON product_import (shop_id, import_id)")


def downgrade() -> None:
    op.execute("DROP INDEX product_import_of_shop")
