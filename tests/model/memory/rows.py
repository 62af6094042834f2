"""A database in memory: tables of values, and atomic transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

DELETED = object()


class PowerCut(Exception):
    """The process dies in the middle of a transaction."""


class Database:
    """Tables of values by key. `fuse`: the write at which the open transaction is aborted."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Any, Any]] = {}
        self.fuse: int | None = None
        self._position = 0

    @contextmanager
    def begin(self) -> Iterator["Rows"]:
        """A transaction: committed on a clean exit, otherwise rolled back."""
        rows = Rows(self)
        yield rows
        rows.commit()

    def next_position(self) -> int:
        """Sequences are not rolled back."""
        self._position += 1
        return self._position


class Rows:
    """The view of one transaction, with its changes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._changed: dict[tuple[str, Any], Any] = {}

    def get(self, table: str, key: Any, how: Callable[[Any], Any] = copy) -> Any:
        """A copy of a value, or None."""
        found = self._changed.get((table, key), self.database.tables.get(table, {}).get(key, DELETED))
        return None if found is DELETED else how(found)

    def put(self, table: str, key: Any, value: Any, how: Callable[[Any], Any] = copy) -> None:
        if self.database.fuse is not None:
            self.database.fuse -= 1
            if self.database.fuse < 0:
                raise PowerCut
        self._changed[table, key] = value if value is DELETED else how(value)

    def drop(self, table: str, key: Any) -> None:
        self.put(table, key, DELETED)

    def all(self, table: str, how: Callable[[Any], Any] = copy) -> list[Any]:
        """Copies of all values of a table, in the order of insertion."""
        mine = {key: value for (name, key), value in self._changed.items() if name == table}
        merged = {**self.database.tables.get(table, {}), **mine} if mine else self.database.tables.get(table, {})
        return [how(value) for value in merged.values() if value is not DELETED]

    def commit(self) -> None:
        for (table, key), value in self._changed.items():
            rows = self.database.tables.setdefault(table, {})
            if value is DELETED:
                rows.pop(key, None)
            else:
                rows[key] = value
