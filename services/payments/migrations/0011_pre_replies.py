"""Answers to commands are replies: who gave a command is kept with it until it is answered."""

from alembic import op

from shared.migrations import replies

revision = "0011"
down_revision = "0010"

# Until now only orders gave commands.
REQUESTER = """
ALTER TABLE unanswered_commands ADD COLUMN requester text NOT NULL DEFAULT 'orders';
ALTER TABLE unanswered_commands ALTER COLUMN requester DROP DEFAULT;
"""


def upgrade() -> None:
    replies.create(op)
    op.execute(REQUESTER)


def downgrade() -> None:
    op.execute("ALTER TABLE unanswered_commands DROP COLUMN requester")
    replies.drop(op)
