"""The table of those who were erased, in each service that keeps personal data."""

from typing import Any

TABLE = """
CREATE TABLE erased_person (
    user_id   uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
)
"""


def create(op: Any) -> None:
    """Make the table; `op` is alembic's operations module."""
    op.execute(TABLE)


def drop(op: Any) -> None:
    """Take it away again."""
    op.execute("DROP TABLE erased_person")
