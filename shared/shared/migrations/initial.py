"""The first migration of a service: the tables that services share, then a SQL file for each of its modules."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.migrations import auditing


def create(
    op: Any, migration: str, shared: Sequence[Any], modules: Sequence[str], tracked: Mapping[str, str]
) -> None:
    """Create the tables of a service.

    migration  the path of the migration; the SQL files are in the folder of its name
    shared     modules of `shared.migrations`, in the order of their creation
    modules    the names of the SQL files, in the order of their creation
    tracked    as in `auditing.track`: the tables whose changes the auditor reads, with their keys
    """
    for tables in shared:
        tables.create(op)
    for module in modules:
        op.execute((Path(migration).with_suffix("") / f"{module}.sql").read_text())
    auditing.track(op, tracked)


def drop(op: Any, shared: Sequence[Any]) -> None:
    """Drop the shared tables, in reverse order; the service has dropped its own."""
    for tables in reversed(shared):
        tables.drop(op)
