"""Sessions store which browser and system signed in, encrypted, and are listed by their account."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE session ADD COLUMN device bytea")
    op.execute("CREATE INDEX session_of_user ON session (user_id, session_id)")
    op.execute("DROP INDEX session_by_user")


def downgrade() -> None:
    op.execute("CREATE INDEX session_by_user ON session (user_id)")
    op.execute("DROP INDEX session_of_user")
    op.execute("ALTER TABLE session DROP COLUMN device")
