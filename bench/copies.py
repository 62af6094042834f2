"""Older copies of rows, by SQL: with other ids and earlier times, and otherwise as the services stored them.

An id of a copy is the original's with an earlier time in its first 48 bits (they are UUIDv7), so copies refer to
each other as the originals do, in every database, and are as old as their ids say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

COLUMNS = """
    SELECT attname AS name, format_type(atttypid, atttypmod) AS type,
           attidentity <> '' OR coalesce(pg_get_expr(adbin, adrelid), '') LIKE 'nextval%' AS numbered
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum
"""
# Not part of what is copied: both copies and originals refer to the same ones.
KEPT = frozenset({"sku_id", "product_id", "shop_id", "actor_id"})
PEOPLE = frozenset({"buyer_id", "user_id"})
REGULAR = 100  # one copy in so many keeps its buyer; the others are of people without an account
LIMIT = (1 << 48) - 1
DAY = 86_400.0
TIME = "('x' || left(translate({0}::text, '-', ''), 12))::bit(48)::bigint"
REST = "substr(translate({0}::text, '-', ''), 13)"
OLDER = f"CAST(lpad(to_hex(({{0}}_time - :shift) & {LIMIT}), 12, '0') || {{0}}_rest AS uuid)"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, and which of its rows are copied.

    `changed`: how columns differ in a copy besides ids and times. `texts`: columns of text that are ids.
    `kept`: ids that stay. `numbered`: the rows get numbers from `first` on; otherwise from the table's sequence.
    `days`: the age at which the services delete the rows; there are no copies of that age.
    """

    name: str
    rows: str
    changed: Mapping[str, str] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()
    kept: frozenset[str] = KEPT
    numbered: bool = False
    days: int = 400


class Copies:
    """The rows of one table that are copied, read once, and the statement that inserts a copy of all of them."""

    def __init__(self, connection: sa.Connection, table: Table, parameters: Mapping[str, object]) -> None:
        self._connection, self._table = connection, table
        columns = connection.execute(sa.text(COLUMNS), {"name": table.name}).all()
        self._columns = [each for each in columns if table.numbered or not each.numbered]
        ids = [each.name for each in self._columns if _is_id(each, table)]
        parts = "".join(
            f", {TIME.format(name)} AS {name}_time, {REST.format(name)} AS {name}_rest" for name in ids
        )
        source = f"original_{table.name}"
        rows = f"SELECT row_number() OVER () AS row_, found.*{parts} FROM ({table.rows}) AS found"
        made = f"CREATE TEMP TABLE {source} AS {rows}"
        self.count = connection.execute(sa.text(made), dict(parameters)).rowcount
        names = ", ".join(f'"{each.name}"' for each in self._columns)
        values = ", ".join(_value(each, table, ids) for each in self._columns)
        self._insert = sa.text(f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {source} ORDER BY row_")

    def add(self, number: int, seconds: float, first: int = 0) -> int:
        """Insert copies that are older by so many seconds; returns how many. Each needs its own number and age."""
        if seconds >= self._table.days * DAY:
            return 0
        given = {"number": number, "seconds": seconds, "shift": int(seconds * 1000), "first": first}
        return self._connection.execute(self._insert, given).rowcount


def _is_id(column: sa.Row[tuple[str, str, bool]], table: Table) -> bool:
    return (column.type == "uuid" and column.name not in table.kept) or column.name in table.texts


def _value(column: sa.Row[tuple[str, str, bool]], table: Table, ids: Sequence[str]) -> str:
    name = column.name
    if name in table.changed:
        return table.changed[name]
    if column.numbered:
        return ":first + row_"
    if name in ids:
        older = OLDER.format(name) + ("::text" if name in table.texts else "")
        return f"CASE WHEN :number % {REGULAR} = 0 THEN {name} ELSE {older} END" if name in PEOPLE else older
    if column.type.startswith("timestamp"):
        return f"{name} - make_interval(secs => :seconds)"
    return f'"{name}"'
