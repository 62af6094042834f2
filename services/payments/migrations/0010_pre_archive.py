"""Calls to the provider and reports of it that are over are found by their age."""

from alembic import op

from shared.migrations import proven

revision = "0010"
down_revision = "0009"

INDEXES = """
CREATE INDEX provider_calls_over ON provider_calls (asked_at) WHERE due_at IS NULL;
CREATE INDEX provider_notifications_over ON provider_notifications (received_at) WHERE judge_at IS NULL;
"""


def upgrade() -> None:
    proven.create(op)
    op.execute(INDEXES)


def downgrade() -> None:
    op.execute("DROP INDEX provider_calls_over, provider_notifications_over")
    proven.drop(op)
