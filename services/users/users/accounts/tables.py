"""The table of accounts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

account = sa.Table(
    "account",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),  # lower case: a CHECK sees to it
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("standings", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", TIMESTAMP, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
)
