"""Stored answers are encrypted; notes of persons, who may be erased."""

from alembic import op

from shared.migrations import personal

revision = "0009"
down_revision = "0008"

NOTES = """
CREATE TABLE person_note (
    user_id    uuid NOT NULL,
    nth        integer NOT NULL,
    note       bytea NOT NULL,
    place      bytea,
    note_index bytea UNIQUE,
    PRIMARY KEY (user_id, nth)
)
"""


def upgrade() -> None:
    personal.encrypt(op, {"idempotency": ("answer",)})
    personal.create_erased(op)
    op.execute(NOTES)


def downgrade() -> None:
    op.execute("DROP TABLE person_note")
    personal.drop_erased(op)
    personal.decrypt(op, {"idempotency": ("answer",)}, "json")
