"""A call to a provider, and a command that waits for one, remember the request that they belong to."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE provider_calls ADD COLUMN correlation_id uuid, ADD COLUMN traceparent text")
    op.execute("ALTER TABLE unanswered_commands ADD COLUMN traceparent text")


def downgrade() -> None:
    op.execute("ALTER TABLE unanswered_commands DROP COLUMN traceparent")
    op.execute("ALTER TABLE provider_calls DROP COLUMN correlation_id, DROP COLUMN traceparent")
