"""The table of switches: a row for each that an operator has ever turned."""

from typing import Any

TABLE = """
CREATE TABLE switches (
    name       text PRIMARY KEY,
    is_on      boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL CHECK (changed_by <> ''),
    reason     text NOT NULL CHECK (reason <> '')
)
"""


def create(op: Any) -> None:
    """Make the table; `op` is alembic's operations module."""
    op.execute(TABLE)


def drop(op: Any) -> None:
    """Take it away again; everything is on then."""
    op.execute("DROP TABLE switches")
