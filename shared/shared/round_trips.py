"""A psycopg2 connection that makes fewer round trips to PostgreSQL.

BEGIN is sent together with the first statement of a transaction. A statement whose result is not needed may be
executed by `later`: it is sent together with the next one, or with COMMIT. A transaction without a statement
sends nothing. Statements sent together are one simple query: PostgreSQL executes them in order and stops at the
first error, which aborts the transaction. So a statement sees the effects of all before it, but an error may be
raised by the statement after it, or by the commit.

    later(connection, sa.update(order).where(…).values(…))

psycopg2 itself is in autocommit mode, so that it sends no BEGIN and COMMIT of its own.
"""

import re
import time
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from shared.waiting_statements import Growth, Waiting

LATER = {"later": True}
BEGINNINGS: dict[int | None, bytes | None] = {  # of transactions, by isolation level
    extensions.ISOLATION_LEVEL_AUTOCOMMIT: None,
    extensions.ISOLATION_LEVEL_REPEATABLE_READ: b"BEGIN ISOLATION LEVEL REPEATABLE READ",
    extensions.ISOLATION_LEVEL_SERIALIZABLE: b"BEGIN ISOLATION LEVEL SERIALIZABLE",
}
SELECT = re.compile(r"\s*SELECT\b")
TRUSTED_FOR = 5.0  # seconds for which a connection that was used is not tested before its next use


class Connection(extensions.connection):
    """Keeps the statements that are to be sent later."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cursor_factory = Cursor
        super().set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
        self.begin: bytes | None = b"BEGIN"
        self.is_open = False  # BEGIN was sent
        self.writes = 0  # how often something was executed that may change rows
        self.waiting = Waiting()

    def set_isolation_level(self, level: int | None) -> None:
        """The level of the next transactions: one of psycopg2's numbers; None is PostgreSQL's default."""
        self.begin = BEGINNINGS.get(level, b"BEGIN")

    def commit(self) -> None:
        """Send what is left together with COMMIT. Raises psycopg2's errors; then the transaction is still open."""
        if not self.is_open and not self.waiting:
            return
        with self.cursor() as cursor:
            cursor.execute("COMMIT")
            if cursor.statusmessage != "COMMIT":  # PostgreSQL answers ROLLBACK in an aborted transaction
                raise psycopg2.InternalError("the transaction was aborted")
        self.is_open = False

    def rollback(self) -> None:
        """Forget what was not sent, and roll back what was."""
        self.waiting.take()
        if self.is_open:
            self.is_open = False
            self._send(b"ROLLBACK")

    def append(self, to: Growth, rows: list[bytes]) -> None:
        """Insert encoded rows together with the next statement, as Waiting.append."""
        self.waiting.append(to, rows)
        self.writes += 1

    def change(self, to: Growth, key: tuple[Any, ...], row: bytes) -> None:
        """Change a row together with the next statement, as Waiting.change."""
        self.waiting.change(to, key, row)
        self.writes += 1

    def send_later(self, statements: Iterable[bytes]) -> None:
        """Send these statements together with the next one."""
        self.waiting.add(statements)
        self.writes += 1

    def probe(self) -> None:
        """Raise psycopg2's error if the server does not answer."""
        self._send(b"SELECT 1")

    def _send(self, statement: bytes) -> None:
        cursor: Any = self.cursor()
        cursor.send([statement])
        cursor.close()


class Cursor(extensions.cursor):
    """Sends statements together with those that waited for them."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's name
        """Execute a statement after those that waited; the result is that of this one."""
        self.connection.writes += not SELECT.match(query)
        self._together([self.mogrify(query, vars)])

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> None:
        """Execute a statement with each of these parameters, in one round trip."""
        self.connection.writes += 1
        self._together([self.mogrify(query, each) for each in vars_list])

    def send_later(self, query: Any, many: Sequence[Any]) -> None:
        """Execute a statement with each of these parameters before the next one, or with the commit."""
        self.connection.send_later([self.mogrify(query, each) for each in many])
        if query.lstrip().startswith("INSERT"):  # of rows that an appended one may reference
            self.connection.waiting.close_growth()

    def send(self, statements: Sequence[bytes]) -> None:
        """Send these statements in one round trip, whatever waits."""
        super().execute(b";".join(statements))

    def _together(self, statements: list[bytes]) -> None:
        connection = self.connection
        if not statements:  # of no parameters
            return
        waited = connection.waiting.take()
        begin = [connection.begin] if connection.begin and not connection.is_open else []
        connection.is_open = connection.begin is not None
        self.send([*begin, *waited, *statements])


def later(connection: sa.Connection, statement: sa.Executable, parameters: Any = None) -> None:
    """Execute a statement whose result is not needed together with the next one, or with the commit."""
    connection.execute(statement, parameters, execution_options=LATER)


def tell_listeners(connection: sa.Connection, statement: str | bytes, name: str = "before_cursor_execute") -> None:
    """Listeners of SQLAlchemy's events (tests, tracing) learn of a statement that passes SQLAlchemy by, too."""
    if connection._has_events or connection.engine._has_events:  # noqa: SLF001 - to call it costs more than a row
        text = statement if isinstance(statement, str) else statement.decode()
        getattr(connection.dispatch, name)(connection, None, text, (), None, False)


def use(engine: Engine) -> None:
    """Let an engine, whose connections are of the class above, send statements later."""

    @event.listens_for(engine, "do_execute")
    def one(cursor: Cursor, statement: str, parameters: Any, context: Any) -> bool:
        return _is_later(context) and _sent_later(cursor, statement, [parameters])

    @event.listens_for(engine, "do_executemany")
    def many(cursor: Cursor, statement: str, parameters: Any, context: Any) -> bool:
        return _is_later(context) and _sent_later(cursor, statement, parameters)

    @event.listens_for(engine, "checkin")
    def used(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Connection, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used_at", time.monotonic()) > TRUSTED_FOR:
            try:
                connection.probe()
            except psycopg2.Error as failure:
                raise DisconnectionError from failure


def _is_later(context: Any) -> bool:
    """Not if SQLAlchemy fetches generated keys after the statement."""
    asked = context is not None and context.execution_options.get("later")
    return bool(asked and not (context.compiled and context.compiled.effective_returning))


def _sent_later(cursor: Cursor, statement: str, many: Sequence[Any]) -> bool:
    cursor.send_later(statement, many)
    return True
