"""Answers to commands are replies, which go to who gave the command."""

from alembic import op

from shared.migrations import replies

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    replies.create(op)


def downgrade() -> None:
    replies.drop(op)
