"""Used refresh tokens are found by their age; closed dead letters, too."""

from alembic import op

from shared.migrations import retention

revision = "0006"
down_revision = "0005"

TOKENS = "CREATE INDEX refresh_token_by_age ON refresh_token (used_at) WHERE used_at IS NOT NULL"


def upgrade() -> None:
    op.execute(TOKENS)
    retention.create(op)


def downgrade() -> None:
    retention.drop(op)
    op.execute("DROP INDEX refresh_token_by_age")
