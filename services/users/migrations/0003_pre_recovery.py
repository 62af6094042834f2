"""Links to set a new password, by the digest of their token."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE recovery (
            token_digest bytea PRIMARY KEY,
            user_id      uuid NOT NULL REFERENCES account,
            created_at   timestamptz NOT NULL
        )
    """)
    op.execute("CREATE INDEX ix_recovery_user_id ON recovery (user_id)")
    op.execute("CREATE INDEX ix_recovery_created_at ON recovery (created_at)")


def downgrade() -> None:
    op.execute("DROP TABLE recovery")
