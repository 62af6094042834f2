"""Shops have an English name, and a description in both languages."""

from alembic import op

revision = "0004"
down_revision = "0003"

TEXTS = ("name_en", "description_zh", "description_en")


def upgrade() -> None:
    for column in TEXTS:
        op.execute(f"ALTER TABLE shop ADD COLUMN {column} text NOT NULL DEFAULT ''")


def downgrade() -> None:
    for column in TEXTS:
        op.execute(f"ALTER TABLE shop DROP COLUMN {column}")
