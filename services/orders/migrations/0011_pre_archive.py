"""Sagas that ended long ago are counted and deleted, once the auditor has proven them."""

from alembic import op

from shared.migrations import proven, saga_archive

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    proven.create(op)
    saga_archive.create(op)
    op.execute("CREATE INDEX refund_running ON refund (refund_id) WHERE state = 'running'")


def downgrade() -> None:
    op.execute("DROP INDEX refund_running")
    saga_archive.drop(op)
    proven.drop(op)
