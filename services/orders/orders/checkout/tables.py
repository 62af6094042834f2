"""The table of checkouts. Constraints repeat the rules of the model."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orders.columns import identity, metadata, timestamp
from shared.personal import Kind, Personal, PersonalJson, Until

checkout = sa.Table(
    "checkout",
    metadata,
    identity("checkout_id", primary_key=True),
    identity("quote_id", unique=True),  # a quote makes one checkout
    identity("buyer_id"),
    identity("payment_id", unique=True),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, sa.CheckConstraint("total >= 0"), nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Index("checkout_by_buyer", "buyer_id", "checkout_id"),
    sa.Index("checkout_open_by_buyer", "buyer_id", postgresql_where=sa.text("state = 'placed'")),
    sa.Column("reason", sa.Text),
    sa.Column("refusal", JSONB(none_as_null=True)),  # refused lines and benefits
    sa.Column("address", PersonalJson(Kind.ADDRESS, Until.ERASED), nullable=False),
    sa.Column("contact", PersonalJson(Kind.CONTACT, Until.ERASED), nullable=False),
    sa.Column("note", Personal(Kind.TEXT, Until.ERASED), nullable=False),
    sa.Column("benefits", JSONB, nullable=False),  # as in the quote, tagged by kind
    sa.Column("taken_from_cart", JSONB, nullable=False),
    timestamp("expires_at", server_default=None),
    timestamp("created_at"),
)
