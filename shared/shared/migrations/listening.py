"""Which topics a service handles and since when: what its auditor asks it about."""

from typing import Any

TABLES = """
CREATE TABLE listening (
    consumer text NOT NULL,
    topic    text NOT NULL,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic)
);
"""


def create(op: Any) -> None:
    """Make the table; `op` is alembic's operations module."""
    op.execute(TABLES)


def drop(op: Any) -> None:
    """Take it away again, with all that is in it."""
    op.execute("DROP TABLE listening")
