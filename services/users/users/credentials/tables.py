"""The table of recoveries."""

import sqlalchemy as sa

from users.metadata import metadata

recovery = sa.Table(  # by digest: the token is in the mail only
    "recovery",
    metadata,
    sa.Column("token_digest", sa.LargeBinary, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), nullable=False, index=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, index=True),
)
