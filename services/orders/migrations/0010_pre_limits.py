"""A buyer's open checkouts and cash orders are found without reading what is over."""

from alembic import op

revision = "0010"
down_revision = "0009"

INDEXES = """
CREATE INDEX checkout_open_by_buyer ON checkout (buyer_id) WHERE state = 'placed';
CREATE INDEX order_not_delivered ON orders (buyer_id)
    WHERE state IN ('placed', 'confirmed', 'preparing', 'shipped');
"""


def upgrade() -> None:
    op.execute(INDEXES)


def downgrade() -> None:
    op.execute("DROP INDEX checkout_open_by_buyer; DROP INDEX order_not_delivered")
