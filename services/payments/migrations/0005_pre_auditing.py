"""What the auditor looks for is little among much: captures that were not kept, refunds that are under way."""

from alembic import op

revision = "0005"
down_revision = "0004"

INDEXES = """
CREATE INDEX captures_not_kept ON captures (capture_id) WHERE standing = 'returned';
CREATE INDEX refunds_under_way ON refunds (refund_id) WHERE state IN ('asked', 'processing');
"""


def upgrade() -> None:
    op.execute(INDEXES)


def downgrade() -> None:
    op.execute("DROP INDEX captures_not_kept, refunds_under_way")
