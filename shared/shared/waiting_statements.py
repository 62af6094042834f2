"""The statements of a transaction that wait for the next one: rows of one table are written by one statement.

Rows that are appended join the INSERT that waits for their table, rows that are changed its UPDATE, at the place
of its first row. A row that is changed again replaces what waits for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Growth:
    """A statement that grows by rows: its table, the tables that it references, its beginning and its end."""

    table: str
    parents: frozenset[str]
    head: bytes
    tail: bytes = b""


@dataclass
class Grown:
    """An INSERT or UPDATE that waits, to which rows may be added."""

    of: Growth
    place: int  # among the statements that wait
    rows: dict[Any, bytes] = field(default_factory=dict)  # encoded, by key

    def statement(self) -> bytes:
        return self.of.head + b",".join(self.rows.values()) + self.of.tail


class Waiting:
    """What waits, in order."""

    def __init__(self) -> None:
        self._statements: list[bytes | Grown] = []
        self._growing: dict[str, Grown] = {}  # by table: rows that are appended
        self._changing: dict[str, Grown] = {}  # by table: rows that are changed

    def __bool__(self) -> bool:
        return bool(self._statements)

    def add(self, statements: Iterable[bytes]) -> None:
        """Add statements of which only the text is known: changes that follow come after them."""
        self._statements += statements
        self._changing = {}

    def append(self, to: Growth, rows: list[bytes]) -> None:
        """Add encoded rows to the INSERT that waits for this table, or to a new one.

        A new one, if a table that it references has grown since, or if the other has other columns.
        """
        grown = self._growing.get(to.table)
        if grown is None or grown.of != to or grown.place < self._newest(to.parents):
            grown = self._growing[to.table] = self._begun(to)
        for row in rows:
            grown.rows[len(grown.rows)] = row

    def change(self, to: Growth, key: tuple[Any, ...], row: bytes) -> None:
        """Add the encoded new values of the row with this key to the UPDATE that waits, or to a new one.

        A new one, if the table or one that it references has grown since, or if the other has other columns.
        """
        grown = self._changing.get(to.table)
        if grown is None or grown.of != to or grown.place < self._newest({to.table, *to.parents}):
            grown = self._changing[to.table] = self._begun(to)
        grown.rows[key] = row

    def close_growth(self) -> None:
        """Rows that are appended or changed from now on come after all that waits."""
        self._growing, self._changing = {}, {}

    def take(self) -> list[bytes]:
        """Take all, as statements."""
        statements, self._statements, self._growing, self._changing = self._statements, [], {}, {}
        return [each.statement() if isinstance(each, Grown) else each for each in statements]

    def _begun(self, to: Growth) -> Grown:
        grown = Grown(to, len(self._statements))
        self._statements.append(grown)
        return grown

    def _newest(self, tables: Iterable[str]) -> int:
        """The place of the last statement that appends to one of these tables."""
        return max((self._growing[each].place for each in tables if each in self._growing), default=-1)
