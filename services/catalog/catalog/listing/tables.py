"""The table of the public category tree."""

import sqlalchemy as sa

from catalog.columns import metadata, number, text

category_count = sa.Table(  # the sum of a path's rows is the number of listed products in it and below it
    "category_count",
    metadata,
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    text("path"),
    number("products"),
    sa.Column("added_up", sa.Boolean, nullable=False),
)
