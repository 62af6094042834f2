"""The tables of carts."""

import sqlalchemy as sa

from orders.columns import identity, metadata, timestamp

cart = sa.Table(
    "cart",
    metadata,
    identity("cart_id", primary_key=True),
    sa.Column("owner_id", sa.Uuid, unique=True),  # null: a guest's cart
    sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),  # grows with each change of the lines
    timestamp("updated_at"),
    sa.Index("cart_of_guest_by_age", "updated_at", postgresql_where=sa.text("owner_id IS NULL")),
)

cart_line = sa.Table(
    "cart_line",
    metadata,
    identity("cart_id", sa.ForeignKey("cart.cart_id", ondelete="CASCADE"), primary_key=True),
    identity("sku_id", primary_key=True),
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity >= 1"), nullable=False),
    timestamp("added_at"),
)
