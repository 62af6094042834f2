"""The index by which old rows of the operator's tables are found."""

from typing import Any


def create(op: Any) -> None:
    """Make the index; `op` is alembic's operations module."""
    op.execute("CREATE INDEX dead_letter_closed ON dead_letter (closed_at) WHERE state <> 'open'")


def drop(op: Any) -> None:
    """Take it away again."""
    op.execute("DROP INDEX dead_letter_closed")
