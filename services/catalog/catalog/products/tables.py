"""The tables of products and of the shops that sell them."""

import sqlalchemy as sa

from catalog.columns import identity, metadata, number, text, texts, timestamp

shop = sa.Table(
    "shop",
    metadata,
    identity("shop_id", primary_key=True),
    text("slug", nullable=True),  # unknown if only the suspension was received so far
    text("name", nullable=True),
    sa.Column("approved", sa.Boolean, nullable=False),
    number("version"),
    sa.Column("name_version", sa.Integer, nullable=False, server_default="0"),  # of the last event with its name
    sa.Column("unsettled", sa.Boolean, nullable=False),  # not all products have been updated to `approved` yet
)

category = sa.Table(
    "category",
    metadata,
    text("path", primary_key=True),  # 居家 > 床品件套
    text("name"),
    text("parent", nullable=True),
)

product = sa.Table(
    "product",
    metadata,
    identity("product_id", primary_key=True),
    identity("shop_id"),
    text("handle"),
    text("title"),
    text("description"),
    text("brand"),
    text("kind"),
    text("category", nullable=True),
    texts("tags"),
    texts("option_names"),
    text("shelf"),
    text("listed_as", nullable=True),
    number("version"),
    sa.Column("price_from", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    text("image", nullable=True),
    text("search_text"),
    texts("search_terms"),
    timestamp("updated_at"),
)

sku = sa.Table(
    "sku",
    metadata,
    identity("sku_id", primary_key=True),
    identity("product_id"),
    number("position"),
    text("code"),
    texts("option_values"),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    text("image", nullable=True),
    sa.Column("discontinued", sa.Boolean, nullable=False),
)

picture = sa.Table(
    "picture",
    metadata,
    identity("product_id", primary_key=True),
    number("position", primary_key=True),
    text("src"),
    text("alt"),
    text("state"),
)
