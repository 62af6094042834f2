"""The tables of stock. Only retention writes `stock_opening`, the carried-forward balance of the journal."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from catalog.columns import identity, metadata, number, text, timestamp

stock = sa.Table(
    "stock",
    metadata,
    identity("sku_id", primary_key=True),
    number("on_hand"),
    number("reserved"),
)

stock_journal = sa.Table(  # append-only: on_hand is its sum
    "stock_journal",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    identity("sku_id"),
    text("kind"),
    number("change"),
    text("cause", nullable=True),  # NULL: sold or restocked, or older than the column
    text("reason"),
    identity("source_id", nullable=True),
    identity("actor_id", nullable=True),
    timestamp("at"),
)

stock_claim = sa.Table(
    "stock_claim",
    metadata,
    identity("checkout_id", primary_key=True),
    text("state"),
    text("reason", nullable=True),
    sa.Column("shortages", JSONB, nullable=False),
    timestamp("decided_at"),
)

reservation = sa.Table(
    "reservation",
    metadata,
    identity("checkout_id", primary_key=True),
    identity("order_id", primary_key=True),
    identity("sku_id", primary_key=True),
    number("quantity"),
    number("restocked"),
    text("state"),
    sa.Column("buyer_id", sa.Uuid),  # NULL: the command has none, and no limit applies
    sa.Index("reservation_open_by_buyer", "buyer_id", "sku_id", postgresql_where=sa.text("state = 'open'")),
)

restock = sa.Table(
    "restock",
    metadata,
    identity("refund_id", primary_key=True),
    identity("order_id"),
    timestamp("at"),
)
