"""The tables of orders. What the rules forbid, the database forbids too."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = sa.MetaData()
NOW = sa.text("now()")


def _id(name: str, *rest: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, *rest, nullable=False, **options)


def _moment(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), **{"nullable": False, "server_default": NOW, **options})


cart = sa.Table(
    "cart",
    metadata,
    _id("cart_id", primary_key=True),
    sa.Column("owner_id", sa.Uuid, unique=True),  # none: a guest's
    sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),  # grows with each change of the lines
    _moment("updated_at"),
    sa.Index("cart_of_guest_by_age", "updated_at", postgresql_where=sa.text("owner_id IS NULL")),
)

cart_line = sa.Table(
    "cart_line",
    metadata,
    _id("cart_id", sa.ForeignKey("cart.cart_id", ondelete="CASCADE"), primary_key=True),
    _id("sku_id", primary_key=True),
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity >= 1"), nullable=False),
    _moment("added_at"),
)

checkout = sa.Table(
    "checkout",
    metadata,
    _id("checkout_id", primary_key=True),
    _id("quote_id", unique=True),  # two tabs with one quote make one checkout
    _id("buyer_id", index=True),
    _id("payment_id", unique=True),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, sa.CheckConstraint("total >= 0"), nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Index("checkout_open_by_buyer", "buyer_id", postgresql_where=sa.text("state = 'placed'")),
    sa.Column("reason", sa.Text),
    sa.Column("refusal", JSONB(none_as_null=True)),  # what stood in the way, line by line
    sa.Column("address", JSONB, nullable=False),
    sa.Column("contact", JSONB, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("coupon_ids", ARRAY(sa.Uuid), nullable=False),
    sa.Column("taken_from_cart", JSONB, nullable=False),
    _moment("expires_at", server_default=None),
    _moment("created_at"),
)

order = sa.Table(
    "orders",
    metadata,
    _id("order_id", primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),  # for people
    _id("checkout_id", sa.ForeignKey("checkout.checkout_id"), index=True),
    _id("payment_id"),
    _id("shop_id"),
    _id("buyer_id"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("refusal", JSONB(none_as_null=True)),  # what stood in the way, line by line
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("goods", sa.BigInteger, nullable=False),
    sa.Column("discount", sa.BigInteger, nullable=False),
    sa.Column("shipping", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False),
    sa.Column("policy", sa.Text, nullable=False, server_default="frozen_shares"),
    sa.Column("terms", JSONB),  # none: placed before they were kept, and never priced again
    sa.Column("withheld_goods", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("withheld_shipping", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False),
    _moment("placed_at"),
    _moment("updated_at"),
    sa.Index(
        "order_not_delivered",
        "buyer_id",
        postgresql_where=sa.text("state IN ('placed', 'confirmed', 'preparing', 'shipped')"),
    ),
    sa.CheckConstraint("total = goods - discount + shipping", name="order_adds_up"),
    sa.CheckConstraint("refunded BETWEEN 0 AND total", name="order_refunded_within_total"),
    sa.Index("order_by_buyer", "buyer_id", "order_id"),
    sa.Index("order_by_shop", "shop_id", "order_id"),
    sa.Index("order_by_shop_and_state", "shop_id", "state", "order_id"),
)

shop_policy = sa.Table(  # what refunds of a shop's next orders pay
    "shop_policy",
    metadata,
    _id("shop_id", primary_key=True),
    sa.Column("policy", sa.Text, nullable=False),
    _moment("updated_at"),
)

order_line = sa.Table(
    "order_line",
    metadata,
    _id("line_id", primary_key=True),
    _id("order_id", sa.ForeignKey("orders.order_id"), index=True),
    sa.Column("position", sa.Integer, nullable=False),
    _id("product_id"),
    _id("sku_id"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("image", sa.Text),
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity > 0"), nullable=False),
    sa.Column("unit_price", sa.BigInteger, nullable=False),
    sa.Column("discount", sa.BigInteger, nullable=False),
    sa.Column("paid", sa.BigInteger, sa.CheckConstraint("paid >= 0"), nullable=False),
    sa.Column("why", JSONB, nullable=False),
    sa.Column("claimed_quantity", sa.Integer, nullable=False),
    sa.Column("claimed_amount", sa.BigInteger, nullable=False),
    sa.CheckConstraint("claimed_quantity BETWEEN 0 AND quantity", name="line_claimed_within_quantity"),
    sa.CheckConstraint("claimed_amount BETWEEN 0 AND paid", name="line_claimed_within_paid"),
)

order_step = sa.Table(  # append-only: what the shopper sees as progress
    "order_step",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    _id("order_id", sa.ForeignKey("orders.order_id"), index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
    _moment("at"),
)

parcel = sa.Table(
    "parcel",
    metadata,
    _id("parcel_id", primary_key=True),
    _id("order_id", sa.ForeignKey("orders.order_id"), index=True),
    _id("shop_id"),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("tracking_number", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lines", JSONB, nullable=False),
    _moment("shipped_at"),
    sa.Column("expected_at", sa.DateTime(timezone=True)),
    sa.Column("delivered_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("carrier", "tracking_number", "shop_id", name="parcel_number_in_shop"),
)

carrier_report = sa.Table(  # reports that fit several parcels, until an operator has decided
    "carrier_report",
    metadata,
    _id("report_id", primary_key=True),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("tracking_number", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    _moment("received_at"),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("parcel_id", sa.Uuid, sa.ForeignKey("parcel.parcel_id")),  # whose it was; none: nobody's
    sa.UniqueConstraint("carrier", "tracking_number", "at", "event", name="carrier_report_once"),
    sa.Index("carrier_report_open", "report_id", postgresql_where=sa.text("decided_at IS NULL")),
    sa.Index("carrier_report_by_decision", "decided_at"),
)

parcel_trace = sa.Table(
    "parcel_trace",
    metadata,
    _id("parcel_id", sa.ForeignKey("parcel.parcel_id"), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

refund = sa.Table(
    "refund",
    metadata,
    _id("refund_id", primary_key=True),
    _id("order_id", sa.ForeignKey("orders.order_id"), index=True),
    _id("shop_id"),
    _id("buyer_id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lines", JSONB, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("shipping", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, sa.CheckConstraint("amount >= 0"), nullable=False),
    sa.Column("withheld_goods", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("withheld_shipping", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("why", JSONB, nullable=False, server_default="[]"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("failure", sa.Text),
    _moment("asked_at"),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Index("refund_by_shop", "shop_id", "refund_id"),
)
