"""The columns of the tables of pricing; constraints and indexes are in the migrations."""

from sqlalchemy import BigInteger, Boolean, Column, MetaData, Table, Text, Uuid

metadata = MetaData()

products = Table(
    "products",
    metadata,
    Column("product_id", Uuid, primary_key=True),
    Column("shop_id", Uuid),
    Column("version", BigInteger),
    Column("on_shelf", Boolean),
    Column("title", Text),
    Column("category", Text),
    Column("image", Text),
)
prices = Table(
    "prices",
    metadata,
    Column("sku_id", Uuid, primary_key=True),
    Column("product_id", Uuid),
    Column("options", Text),
    Column("image", Text),
    Column("amount", BigInteger),
    Column("currency", Text),
)
