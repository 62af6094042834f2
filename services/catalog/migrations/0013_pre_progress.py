"""An import remembers how far it is, so that it goes on from there, and gives others their turn."""

from alembic import op

revision = "0013"
down_revision = "0012"

PROGRESS = """
ALTER TABLE product_import
    ADD COLUMN claim     integer NOT NULL DEFAULT 0,
    ADD COLUMN progress  jsonb,
    ADD COLUMN queued_at timestamptz NOT NULL DEFAULT now();
"""


def upgrade() -> None:
    op.execute(PROGRESS)


def downgrade() -> None:
    op.execute("ALTER TABLE product_import DROP COLUMN claim, DROP COLUMN progress, DROP COLUMN queued_at")
