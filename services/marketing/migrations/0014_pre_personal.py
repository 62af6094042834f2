"""Stored answers are encrypted; who was erased."""

from alembic import op

from shared.migrations import personal

revision = "0014"
down_revision = "0013"

ANSWERS = {"idempotency": ("answer",)}


def upgrade() -> None:
    personal.encrypt(op, ANSWERS)
    personal.create_erased(op)


def downgrade() -> None:
    personal.drop_erased(op)
    personal.decrypt(op, ANSWERS, "json")
