"""The tables of catalog. The migrations make them, with the constraints and indexes that guard them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = sa.MetaData()


def _column(name: str, kind: Any, **options: Any) -> sa.Column:
    return sa.Column(name, kind, **{"nullable": False, **options})


def _id(name: str, **options: Any) -> sa.Column:
    return _column(name, sa.Uuid, **options)


def _text(name: str, **options: Any) -> sa.Column:
    return _column(name, sa.Text, **options)


def _number(name: str, **options: Any) -> sa.Column:
    return _column(name, sa.Integer, **options)


def _texts(name: str) -> sa.Column:
    return _column(name, ARRAY(sa.Text))


def _moment(name: str, **options: Any) -> sa.Column:
    return _column(name, sa.DateTime(timezone=True), **options)


shop = sa.Table(
    "shop",
    metadata,
    _id("shop_id", primary_key=True),
    _text("slug", nullable=True),  # unknown while only its suspension was heard of
    _text("name", nullable=True),
    sa.Column("approved", sa.Boolean, nullable=False),
    _number("version"),
    sa.Column("unsettled", sa.Boolean, nullable=False),  # not all its products have followed `approved` yet
)

category = sa.Table(
    "category",
    metadata,
    _text("path", primary_key=True),  # 居家 > 床品件套
    _text("name"),
    _text("parent", nullable=True),
)

category_count = sa.Table(  # its rows of a path, added up, are the products on the shelf in it and below it
    "category_count",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    _text("path"),
    _number("products"),
    sa.Column("added_up", sa.Boolean, nullable=False),
)

product = sa.Table(
    "product",
    metadata,
    _id("product_id", primary_key=True),
    _id("shop_id"),
    _text("handle"),
    _text("title"),
    _text("description"),
    _text("brand"),
    _text("kind"),
    _text("category", nullable=True),
    _texts("tags"),
    _texts("option_names"),
    _text("shelf"),
    _text("listed_as", nullable=True),
    _number("version"),
    sa.Column("price_from", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _text("image", nullable=True),
    _text("search_text"),
    _texts("search_terms"),
    _moment("updated_at"),
)

sku = sa.Table(
    "sku",
    metadata,
    _id("sku_id", primary_key=True),
    _id("product_id"),
    _number("position"),
    _text("code"),
    _texts("option_values"),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    _text("image", nullable=True),
    sa.Column("discontinued", sa.Boolean, nullable=False),
)

picture = sa.Table(
    "picture",
    metadata,
    _id("product_id", primary_key=True),
    _number("position", primary_key=True),
    _text("src"),
    _text("alt"),
    _text("state"),
)

stock = sa.Table(
    "stock",
    metadata,
    _id("sku_id", primary_key=True),
    _number("on_hand"),
    _number("reserved"),
)

stock_journal = sa.Table(  # append-only: on_hand is its sum
    "stock_journal",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    _id("sku_id"),
    _text("kind"),
    _number("change"),
    _text("reason"),
    _id("source_id", nullable=True),
    _id("actor_id", nullable=True),
    _moment("at"),
)

stock_claim = sa.Table(
    "stock_claim",
    metadata,
    _id("checkout_id", primary_key=True),
    _text("state"),
    _text("reason", nullable=True),
    sa.Column("sku_ids", ARRAY(sa.Uuid), nullable=False),  # written by the code before `shortages` only
    sa.Column("shortages", JSONB, nullable=False),
    _moment("decided_at"),
)

reservation = sa.Table(
    "reservation",
    metadata,
    _id("checkout_id", primary_key=True),
    _id("order_id", primary_key=True),
    _id("sku_id", primary_key=True),
    _number("quantity"),
    _number("restocked"),
    _text("state"),
    sa.Column("buyer_id", sa.Uuid),  # none: from before buyers were named
    sa.Index("reservation_open_by_buyer", "buyer_id", "sku_id", postgresql_where=sa.text("state = 'open'")),
)

restock = sa.Table(
    "restock",
    metadata,
    _id("refund_id", primary_key=True),
    _id("order_id"),
    _moment("at"),
)

product_import = sa.Table(
    "product_import",
    metadata,
    _id("import_id", primary_key=True),
    _id("shop_id"),
    _text("filename"),
    _text("idempotency_key", nullable=True),
    _text("digest"),
    _text("state"),
    sa.Column("report", JSONB(none_as_null=True)),
    sa.Column("problem", JSONB(none_as_null=True)),
    _moment("started_at"),
    _moment("finished_at", nullable=True),
    # while it waits or runs: the file, for whom and for which request it is, and which worker has it
    sa.Column("csv", sa.LargeBinary),
    _id("actor_id", nullable=True),
    _id("correlation_id", nullable=True),
    _text("traceparent", nullable=True),
    _number("claim"),
    _number("attempt"),
    _moment("claimed_until", nullable=True),
    _moment("queued_at"),
    sa.Column("progress", JSONB(none_as_null=True)),
)
