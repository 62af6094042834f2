"""The tables of refunds and refund policies. Constraints repeat the rules of the model."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orders.columns import identity, metadata, timestamp
from shared.personal import Kind, Personal, Until

refund = sa.Table(
    "refund",
    metadata,
    identity("refund_id", primary_key=True),
    identity("order_id", sa.ForeignKey("orders.order_id"), index=True),
    identity("shop_id"),
    identity("buyer_id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lines", JSONB, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("shipping", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, sa.CheckConstraint("amount >= 0"), nullable=False),
    sa.Column("withheld_goods", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("withheld_shipping", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("why", JSONB, nullable=False, server_default="[]"),
    sa.Column("by_line", JSONB, nullable=False, server_default="[]"),  # set when the refund is granted
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reason_text", Personal(Kind.TEXT, Until.ERASED)),
    sa.Column("failure", sa.Text),
    timestamp("requested_at"),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Index("refund_by_shop", "shop_id", "refund_id"),
    sa.Index("refund_by_shop_and_state", "shop_id", "state", "refund_id"),
    sa.Index("refund_by_shop_and_decision", "shop_id", "decided_at"),
    sa.Index("refund_by_buyer", "buyer_id", "refund_id"),
)

shop_policy = sa.Table(  # applies to the shop's future orders
    "shop_policy",
    metadata,
    identity("shop_id", primary_key=True),
    sa.Column("policy", sa.Text, nullable=False),
    timestamp("updated_at"),
)
