"""The table of addresses."""

import sqlalchemy as sa

from shared.personal import Kind, Personal, Until
from users.metadata import metadata

address = sa.Table(
    "address",
    metadata,
    sa.Column("address_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), nullable=False),
    sa.Column("contact", Personal(Kind.NAME, Until.ERASED), nullable=False),
    sa.Column("phone", Personal(Kind.PHONE, Until.ERASED), nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("division_code", sa.Text),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("district", sa.Text, nullable=False),
    sa.Column("street", Personal(Kind.ADDRESS, Until.ERASED), nullable=False),
    sa.Column("postcode", Personal(Kind.ADDRESS, Until.ERASED), nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False),
)
