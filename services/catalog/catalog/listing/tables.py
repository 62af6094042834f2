"""The table of the category tree that everybody sees."""

import sqlalchemy as sa

from catalog.columns import metadata, number, text

category_count = sa.Table(  # its rows of a path, added up, are the products on the shelf in it and below it
    "category_count",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    text("path"),
    number("products"),
    sa.Column("added_up", sa.Boolean, nullable=False),
)
