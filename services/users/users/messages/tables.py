"""The tables of messages and consents."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shared.personal import Kind, Personal, Until
from users.metadata import metadata

TIMESTAMP = sa.DateTime(timezone=True)

message = sa.Table(
    "message",
    metadata,
    sa.Column("message_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("parameters", JSONB, nullable=False),
    sa.Column("subject", Personal(Kind.TEXT, Until.ERASED), nullable=False),
    sa.Column("text", Personal(Kind.TEXT, Until.ERASED), nullable=False),
    sa.Column("created_at", TIMESTAMP, nullable=False),
    sa.Column("read_at", TIMESTAMP),
    sa.Column("mail_state", sa.Text, nullable=False),
    sa.Column("mail_reason", sa.Text),
    sa.Column("mail_at", TIMESTAMP),
    sa.Column("mailed_at", TIMESTAMP),
)

message_preference = sa.Table(
    "message_preference",
    metadata,
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("account.user_id"), primary_key=True),
    sa.Column("marketing_mail", sa.Boolean, nullable=False),
    sa.Column("changed_at", TIMESTAMP, nullable=False),
)
