"""The table of accounts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from shared.personal import BlindIndex, Kind, Personal, Until
from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

account = sa.Table(
    "account",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("email", Personal(Kind.EMAIL, Until.ERASED), nullable=False),
    sa.Column("email_index", BlindIndex("email"), unique=True),  # NULL once the account's owner is erased
    sa.Column("name", Personal(Kind.NAME, Until.ERASED), nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("granted_roles", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", TIMESTAMP, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
)
