"""What was paid for each line of an order, shipping included, frozen when the payment is opened."""

from alembic import op

revision = "0014"
down_revision = "0013"

LINES = """
CREATE TABLE payment_lines (
    payment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    line_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('goods', 'shipping')),
    category text,
    quantity integer NOT NULL CHECK (quantity > 0),
    paid bigint NOT NULL CHECK (paid >= 0),
    tax bigint NOT NULL CHECK (tax BETWEEN 0 AND paid),
    shop_discount bigint NOT NULL CHECK (shop_discount >= 0),
    platform_discount bigint NOT NULL CHECK (platform_discount >= 0),
    PRIMARY KEY (payment_id, order_id, line_id),
    FOREIGN KEY (payment_id, order_id) REFERENCES payment_parts
);
"""


def upgrade() -> None:
    op.execute(LINES)


def downgrade() -> None:
    op.execute("DROP TABLE payment_lines")
