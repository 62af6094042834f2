"""Writes rows together with the next statement or the commit (`shared.round_trips`), without SQLAlchemy's cost.

    append(connection, order_step, [{"order_id": …, "state": …}, …])
    change(connection, order, {"order_id": …}, {"state": …})

SQLAlchemy's tables give the names and types of the columns; it does not compile or execute the statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Dialect

from shared.round_trips import Connection, tell_listeners
from shared.waiting_statements import Growth

Row = Mapping[str, Any]


class Sql(extensions.AsIs):
    """A value that is an expression, written as it is."""


def after(delay: timedelta) -> Sql:
    """The time of this transaction by the database's clock, plus `delay`."""
    return Sql(f"now() + interval '{delay.total_seconds()} seconds'")


def append(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Row],
    *,
    unless_known: bool = False,
    replacing: tuple[str, ...] = (),
    parents: frozenset[str] = frozenset(),
) -> None:
    """Insert rows, all with the same columns, into a table in which nothing waiting is changed or deleted.

    Rows of one table that wait are inserted by one statement, in the given order, at the place of the first. So no
    statement between them may depend on their absence. Tables that are referenced come first. With `unless_known`
    a row with a key that exists is not inserted; with `replacing`, these columns of it are changed. `parents` are
    tables that are referenced without a foreign key of the table.
    """
    if not rows:
        return
    psycopg: Any = connection.connection.dbapi_connection
    if not isinstance(psycopg, Connection):  # of a test's own engine
        connection.execute(_compiled(table, replacing, unless_known=unless_known), rows)
        return
    writing = _insert(table, tuple(rows[0]), connection.dialect)
    tell_listeners(connection, writing.head)
    with psycopg.cursor() as cursor:
        encoded = [cursor.mogrify(writing.template, writing.values(row)) for row in rows]
    tail = b" ON CONFLICT DO NOTHING" if unless_known else _replace(table, replacing, connection.dialect)
    psycopg.append(Growth(table.name, writing.parents | parents, writing.head, tail), encoded)


def _compiled(table: sa.Table, replacing: tuple[str, ...], *, unless_known: bool) -> sa.Insert:
    """The same INSERT for SQLAlchemy's compiler."""
    statement = insert(table)
    if unless_known:
        return statement.on_conflict_do_nothing()
    changed = {name: statement.excluded[name] for name in replacing}
    return statement.on_conflict_do_update(constraint=table.primary_key, set_=changed) if changed else statement


def separate(connection: sa.Connection) -> None:
    """Let rows that are appended or changed from now on come after all that waits."""
    psycopg: Any = connection.connection.dbapi_connection
    psycopg.waiting.close_growth()


def change(connection: sa.Connection, table: sa.Table, which: Row, values: Row) -> None:
    """Set these columns of the row whose columns have the values of `which`, all of them not null.

    Rows of one table that wait, with the same columns, are changed by one statement, at the place of the first.
    So no statement between them may depend on their former values, except one that is executed by `later`.
    """
    writing = _update(table, tuple(values), tuple(which), connection.dialect)
    psycopg: Any = connection.connection.dbapi_connection
    tell_listeners(connection, writing.head)
    given = writing.values([*which.values(), *values.values()])
    with psycopg.cursor() as cursor:
        row = cursor.mogrify(writing.template, given)
    psycopg.change(Growth(table.name, writing.parents, writing.head, writing.tail), tuple(which.values()), row)


@dataclass(frozen=True)
class Writing:
    """A statement with psycopg2's template for its values; `parents` are the tables that it references."""

    head: bytes
    template: str
    names: tuple[str, ...]
    processors: tuple[Any, ...]
    parents: frozenset[str] = frozenset()
    tail: bytes = b""

    def values(self, row: Row | Sequence[Any]) -> list[Any]:
        """The values in the order of the columns, as psycopg2 takes them."""
        given: Iterable[Any] = [row[name] for name in self.names] if isinstance(row, Mapping) else row
        pairs = zip(given, self.processors, strict=True)
        return [process(value) if process and not isinstance(value, Sql) else value for value, process in pairs]


@cache
def _insert(table: sa.Table, names: tuple[str, ...], dialect: Dialect) -> Writing:
    columns = ", ".join(_quoted(table, name, dialect) for name in names)
    head = f"INSERT INTO {_named(table, dialect)} ({columns}) VALUES ".encode()  # noqa: S608 - names of the table
    template = f"({', '.join(['%s'] * len(names))})"
    return Writing(head, template, names, _processors(table, names, dialect), _parents(table))


@cache
def _update(table: sa.Table, changed: tuple[str, ...], which: tuple[str, ...], dialect: Dialect) -> Writing:
    """`new` has a column for each value: their own names may be among those of `which` and `changed`."""
    names = (*which, *changed)
    new = [f"new.v{place}::{table.c[name].type.compile(dialect)}" for place, name in enumerate(names)]
    pairs = [f"{_quoted(table, name, dialect)} = {value}" for name, value in zip(names, new, strict=True)]
    where = [f"{_named(table, dialect)}.{pair}" for pair in pairs[: len(which)]]
    head = f"UPDATE {_named(table, dialect)} SET {', '.join(pairs[len(which) :])} FROM (VALUES "  # noqa: S608 - names
    columns = ", ".join(f"v{place}" for place in range(len(names)))
    tail = f") AS new ({columns}) WHERE {' AND '.join(where)}"
    return Writing(
        head.encode(),
        f"({', '.join(['%s'] * len(names))})",
        names,
        _processors(table, names, dialect),
        _parents(table),
        tail.encode(),
    )


@cache
def _replace(table: sa.Table, names: tuple[str, ...], dialect: Dialect) -> bytes:
    """What follows the rows of an INSERT that replace these columns; nothing for none."""
    keys = ", ".join(_quoted(table, column.name, dialect) for column in table.primary_key)
    quoted = [_quoted(table, name, dialect) for name in names]
    sets = ", ".join(f"{name} = excluded.{name}" for name in quoted)
    return f" ON CONFLICT ({keys}) DO UPDATE SET {sets}".encode() if names else b""


def _parents(table: sa.Table) -> frozenset[str]:
    return frozenset(key.column.table.name for key in table.foreign_keys)


def _processors(table: sa.Table, names: tuple[str, ...], dialect: Dialect) -> tuple[Any, ...]:
    types = (table.c[name].type for name in names)
    return tuple(each.dialect_impl(dialect).bind_processor(dialect) for each in types)


def _named(table: sa.Table, dialect: Dialect) -> str:
    return dialect.identifier_preparer.format_table(table)


def _quoted(table: sa.Table, name: str, dialect: Dialect) -> str:
    return dialect.identifier_preparer.format_column(table.c[name])
