"""Reads rows without SQLAlchemy's cost, which for a small SELECT is several times that of the driver.

    rows(connection, order, "WHERE checkout_id = ANY(%s) ORDER BY order_id FOR UPDATE", checkout_ids)
    fetch(connection, "SELECT count(*) FROM orders WHERE buyer_id = %s", buyer_id)
    carts, lines = together(connection, Part("SELECT … FROM cart …", [ids]), Part("SELECT … FROM cart_line …"))

SQLAlchemy's tables give the names and types of the columns; it does not compile or execute the statement, but
raises its errors as always. Values are given as psycopg2 takes them: a list for ANY(…); one dictionary for names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg2
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from shared.round_trips import tell_listeners

Row = dict[str, Any]
AS_JSON = "(SELECT coalesce(json_agg(part), '[]') FROM ({}) AS part)"


def rows(connection: sa.Connection, table: sa.Table, rest: str, *values: Any) -> list[Row]:
    """The rows of a table, with all its columns; `rest` is what follows FROM and the table's name."""
    selection = _selection(table, connection.dialect)
    return [selection.row(found) for found in fetch(connection, selection.head + rest, *values)]


def fetch(connection: sa.Connection, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement returns, as the driver converts them."""
    tell_listeners(connection, statement)
    psycopg: Any = connection.connection.dbapi_connection
    cursor = psycopg.cursor()
    try:
        cursor.execute(statement, _given(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
    except BaseException as failure:  # also a timeout, after which the connection cannot be used any more
        _raise(connection, failure, statement, cursor)
        raise
    tell_listeners(connection, statement, "after_cursor_execute")
    return found


@dataclass(frozen=True)
class Part:
    """A SELECT whose rows are read together with those of others, and what takes them.

    The values in the rows are those of JSON: ids are texts.
    """

    statement: str
    values: Sequence[Any] = ()
    take: Callable[[list[Row]], None] = lambda _: None


def together(connection: sa.Connection, *parts: Part) -> list[list[Row]]:
    """The rows of each of these SELECTs, all from one statement and one snapshot."""
    columns = ", ".join(AS_JSON.format(part.statement) for part in parts)
    (found,) = fetch(connection, f"SELECT {columns}", *(value for part in parts for value in part.values))
    return list(found)


def take(connection: sa.Connection, *parts: Part) -> None:
    """Read these parts together and let each take its rows."""
    for part, found in zip(parts, together(connection, *parts), strict=True):
        part.take(found)


def send_before(connection: sa.Connection, statement: str, *values: Any) -> None:
    """Execute a statement whose result is not needed, a lock say, together with the next one."""
    tell_listeners(connection, statement)
    psycopg: Any = connection.connection.dbapi_connection
    with psycopg.cursor() as cursor:
        cursor.send_later(statement, [_given(values)])


def _given(values: tuple[Any, ...]) -> Any:
    """Values by their places, or by the names in a dictionary."""
    return values[0] if len(values) == 1 and isinstance(values[0], dict) else values


def _raise(connection: sa.Connection, failure: BaseException, statement: str, cursor: Any) -> None:
    """Raise a failure as SQLAlchemy would, which also discards a connection that is lost."""
    shown = statement if isinstance(failure, psycopg2.Error) else None  # others are not to be wrapped
    connection._handle_dbapi_exception(failure, shown, None, cursor, None)  # noqa: SLF001 - there is no public one


@dataclass(frozen=True)
class Selection:
    """The beginning of a SELECT of all columns of a table; `processors` convert what the driver does not."""

    head: str
    names: tuple[str, ...]
    processors: tuple[tuple[str, Any], ...]

    def row(self, found: Sequence[Any]) -> Row:
        """The values by the names of the columns."""
        named = dict(zip(self.names, found, strict=True))
        for name, process in self.processors:
            named[name] = process(named[name])
        return named


@cache
def _selection(table: sa.Table, dialect: Dialect) -> Selection:
    prepared = dialect.identifier_preparer
    names = tuple(column.name for column in table.columns)
    columns = ", ".join(prepared.format_column(column, use_table=True) for column in table.columns)
    head = f"SELECT {columns} FROM {prepared.format_table(table)} "  # noqa: S608 - names of the table
    processors = ((each.name, _processor(each, dialect)) for each in table.columns)
    return Selection(head, names, tuple((name, process) for name, process in processors if process))


def _processor(column: sa.Column[Any], dialect: Dialect) -> Any:
    return column.type.dialect_impl(dialect).result_processor(dialect, None)
