"""The table of erased persons, in each service that stores personal data."""

from typing import Any

TABLE = """
CREATE TABLE erased_person (
    user_id   uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
)
"""


def create(op: Any) -> None:
    """Create the table; `op` is alembic's operations module."""
    op.execute(TABLE)


def drop(op: Any) -> None:
    """Drop the table."""
    op.execute("DROP TABLE erased_person")
