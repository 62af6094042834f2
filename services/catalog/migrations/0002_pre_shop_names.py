"""The name of a shop has the version of the event that it came with, since shops change their names."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE shop ADD COLUMN name_version integer NOT NULL DEFAULT 0")
    op.execute("UPDATE shop SET name_version = version WHERE name IS NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE shop DROP COLUMN name_version")
