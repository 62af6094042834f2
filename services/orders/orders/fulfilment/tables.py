"""The tables of orders and parcels. Constraints repeat the rules of the model."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orders.columns import identity, metadata, timestamp
from shared.personal import Kind, Personal, Until

order = sa.Table(
    "orders",
    metadata,
    identity("order_id", primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),  # the readable number
    identity("checkout_id", sa.ForeignKey("checkout.checkout_id"), index=True),
    identity("payment_id"),
    identity("shop_id"),
    identity("buyer_id"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("reason_text", Personal(Kind.TEXT, Until.ERASED)),  # typed by the user who cancelled it
    sa.Column("refusal", JSONB(none_as_null=True)),  # refused lines and benefits
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("goods", sa.BigInteger, nullable=False),
    sa.Column("discount", sa.BigInteger, nullable=False),
    sa.Column("shipping", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False),
    sa.Column("policy", sa.Text, nullable=False, server_default="frozen_shares"),
    sa.Column("terms", JSONB),  # null: the quote had none, and the order is never repriced
    sa.Column("shipping_allocations", JSONB, nullable=False, server_default="[]"),
    sa.Column("withheld_goods", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("withheld_shipping", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False),
    timestamp("placed_at"),
    timestamp("updated_at"),
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

order_line = sa.Table(
    "order_line",
    metadata,
    identity("line_id", primary_key=True),
    identity("order_id", sa.ForeignKey("orders.order_id"), index=True),
    sa.Column("position", sa.Integer, nullable=False),
    identity("product_id"),
    identity("sku_id"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("image", sa.Text),
    sa.Column("category", sa.Text),  # null: the product had none when it was quoted
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity > 0"), nullable=False),
    sa.Column("unit_price", sa.BigInteger, nullable=False),
    sa.Column("discount", sa.BigInteger, nullable=False),
    sa.Column("paid", sa.BigInteger, sa.CheckConstraint("paid >= 0"), nullable=False),
    sa.Column("why", JSONB, nullable=False),
    sa.Column("allocations", JSONB, nullable=False, server_default="[]"),
    sa.Column("claimed_quantity", sa.Integer, nullable=False),
    sa.Column("claimed_amount", sa.BigInteger, nullable=False),
    sa.Column("refunded_quantity", sa.Integer, nullable=False, server_default="0"),
    sa.Column("refunded_amount", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("claimed_quantity BETWEEN 0 AND quantity", name="line_claimed_within_quantity"),
    sa.CheckConstraint("claimed_amount BETWEEN 0 AND paid", name="line_claimed_within_paid"),
    sa.CheckConstraint("refunded_quantity BETWEEN 0 AND quantity", name="line_refunded_within_quantity"),
    sa.CheckConstraint("refunded_amount BETWEEN 0 AND paid", name="line_refunded_within_paid"),
)

order_step = sa.Table(  # append-only: the history that the shopper sees
    "order_step",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    identity("order_id", sa.ForeignKey("orders.order_id"), index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("note", Personal(Kind.TEXT, Until.ERASED)),
    timestamp("at"),
)

parcel = sa.Table(
    "parcel",
    metadata,
    identity("parcel_id", primary_key=True),
    identity("order_id", sa.ForeignKey("orders.order_id"), index=True),
    identity("shop_id"),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("tracking_number", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("lines", JSONB, nullable=False),
    timestamp("shipped_at"),
    sa.Column("expected_at", sa.DateTime(timezone=True)),
    sa.Column("delivered_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("carrier", "tracking_number", "shop_id", name="parcel_number_in_shop"),
)

carrier_report = sa.Table(  # reports that match several parcels, until an operator has decided
    "carrier_report",
    metadata,
    identity("report_id", primary_key=True),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("tracking_number", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("text", Personal(Kind.TEXT, Until.REMOVED), nullable=False),
    timestamp("received_at"),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("parcel_id", sa.Uuid, sa.ForeignKey("parcel.parcel_id")),  # as decided; null: none
    sa.UniqueConstraint("carrier", "tracking_number", "at", "event", name="carrier_report_once"),
    sa.Index("carrier_report_open", "report_id", postgresql_where=sa.text("decided_at IS NULL")),
    sa.Index("carrier_report_by_decision", "decided_at"),
)

parcel_trace = sa.Table(
    "parcel_trace",
    metadata,
    identity("parcel_id", sa.ForeignKey("parcel.parcel_id"), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("text", Personal(Kind.TEXT, Until.ERASED), nullable=False),
)
