"""Up to when the auditor has proven each of its checks: what is archived has been proven before."""

from typing import Any

TABLES = """
CREATE TABLE proven (
    check_name text PRIMARY KEY,
    upto       timestamptz NOT NULL
);
"""


def create(op: Any) -> None:
    """Make the table; `op` is alembic's operations module."""
    op.execute(TABLES)


def drop(op: Any) -> None:
    """Take it away again."""
    op.execute("DROP TABLE proven")
