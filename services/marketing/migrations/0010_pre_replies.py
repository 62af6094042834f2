"""Answers to commands are replies, which go to who gave the command."""

from alembic import op

from shared.migrations import replies

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    replies.create(op)


def downgrade() -> None:
    replies.drop(op)
