"""The table of erasures: one per user."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), primary_key=True),
    sa.Column("requested_by", sa.Uuid, nullable=False),
    sa.Column("requested_at", TIMESTAMP, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt_id", sa.Uuid, nullable=False),
    sa.Column("open", JSONB, nullable=False),
    sa.Column("checked_at", TIMESTAMP),
    sa.Column("next_check_at", TIMESTAMP, index=True),
    sa.Column("erased_at", TIMESTAMP),
)
