"""Stored answers are encrypted."""

from alembic import op

from shared.migrations import personal

revision = "0016"
down_revision = "0015"

ANSWERS = {"idempotency": ("answer",)}


def upgrade() -> None:
    personal.encrypt(op, ANSWERS)


def downgrade() -> None:
    personal.decrypt(op, ANSWERS, "json")
