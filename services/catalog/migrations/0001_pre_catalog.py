"""Create the tables of catalog."""

from alembic import op

from shared.migrations import auditing, delivery, initial, operating

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing)
MODULES = ("products", "stock", "importing", "listing")
TRACKED = {"stock_claim": "checkout_id", "stock_journal": "position", "stock_opening": "sku_id"}


def upgrade() -> None:
    initial.create(op, __file__, SHARED, MODULES, TRACKED)


def downgrade() -> None:
    op.execute("DROP TABLE category_count, product_import")
    op.execute("DROP TABLE restock, reservation, stock_claim, stock_opening, stock_journal, stock")
    op.execute("DROP TABLE picture, sku, product, category, shop")
    op.execute("DROP FUNCTION count_product, count_in_categories, refuse_change, digest_of")
    initial.drop(op, SHARED)
