"""The tables that all services share, a table of counters, and notes as personal data."""

from alembic import op

from shared.migrations import auditing, delivery, operating, personal, provider_calls

revision = "0001"
down_revision = None

SHARED = (delivery, operating, auditing, personal, provider_calls)
TABLES = """
CREATE TABLE tally (
    subject text PRIMARY KEY,
    times   int NOT NULL
);

CREATE TABLE person_note (
    user_id    uuid NOT NULL,
    nth        integer NOT NULL,
    note       bytea NOT NULL,
    place      bytea,
    note_index bytea UNIQUE,
    PRIMARY KEY (user_id, nth)
);
"""


def upgrade() -> None:
    for tables in SHARED:
        tables.create(op)
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE person_note, tally")
    for tables in reversed(SHARED):
        tables.drop(op)
