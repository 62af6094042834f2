"""A shop's products follow its state a chunk at a time."""

from alembic import op

revision = "0005"
down_revision = "0004"

# Shops that were heard of before have settled: their products moved in the transaction of the event.
SETTLING = """
ALTER TABLE shop ADD COLUMN unsettled boolean NOT NULL DEFAULT false;
CREATE INDEX shop_unsettled ON shop (shop_id) WHERE unsettled;
CREATE INDEX product_by_shop_and_shelf ON product (shop_id, shelf, product_id);
"""


def upgrade() -> None:
    op.execute(SETTLING)


def downgrade() -> None:
    op.execute("DROP INDEX product_by_shop_and_shelf, shop_unsettled")
    op.execute("ALTER TABLE shop DROP COLUMN unsettled")
