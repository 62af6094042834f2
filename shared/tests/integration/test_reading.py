"""Rows that are read without SQLAlchemy have the values, and raise the errors, that they have with it."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from eventlet import Timeout
from sqlalchemy import event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from shared import db_failures, round_trips
from shared.ids import new_id
from shared.personal import Kind, Personal, Until
from shared.reading import Part, fetch, rows, send_before, take, together

THING = sa.Table(
    "thing",
    sa.MetaData(),
    sa.Column("thing_id", sa.Uuid, primary_key=True),
    sa.Column("order", sa.Text),  # a name with a meaning in SQL
    sa.Column("number", sa.BigInteger),
    sa.Column("is_it", sa.Boolean),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("document", JSONB),
    sa.Column("secret", Personal(Kind.TEXT, Until.ERASED)),
)
PLATE = {
    "thing_id": new_id(),
    "order": "大盘 100 %",
    "number": 2**60,
    "is_it": True,
    "at": datetime(2026, 11, 30, 8, 30, 0, 5, tzinfo=UTC),
    "document": {"ids": [1, None]},
    "secret": "北山街",
}
EMPTY = {**dict.fromkeys(PLATE), "thing_id": new_id()}


@pytest.fixture
def connection(open_work):
    with open_work.engine.begin() as connection:
        THING.create(connection)
        connection.execute(sa.insert(THING), [PLATE, EMPTY])
        yield connection


def test_rows_have_the_values_that_were_stored(connection):
    ids = [PLATE["thing_id"], EMPTY["thing_id"]]
    found = rows(connection, THING, "WHERE thing_id = ANY(%s) ORDER BY number FOR UPDATE", ids)
    assert found == [PLATE, EMPTY]
    assert found == [dict(row) for row in connection.execute(sa.select(THING).order_by("number")).mappings()]
    assert rows(connection, THING, "WHERE thing_id = ANY(%s)", []) == []


def test_parts_are_read_by_one_statement_after_what_was_to_be_sent_before(connection, monkeypatch):
    sent, real = [], round_trips.Cursor.send
    monkeypatch.setattr(
        round_trips.Cursor, "send", lambda cursor, statements: sent.append(statements) or real(cursor, statements)
    )
    taken = []
    send_before(connection, "UPDATE thing SET number = %s WHERE thing_id = %s", 7, PLATE["thing_id"])
    numbers = Part("SELECT number FROM thing WHERE is_it = %s", [True], taken.append)
    names = Part('SELECT thing_id, "order" FROM thing ORDER BY number')
    nothing = Part("SELECT FROM thing WHERE number = 8")
    take(connection, numbers)
    assert taken == [[{"number": 7}]]
    assert together(connection, nothing, names, numbers) == [
        [],
        [
            {"thing_id": str(PLATE["thing_id"]), "order": "大盘 100 %"},
            {"thing_id": str(EMPTY["thing_id"]), "order": None},
        ],
        [{"number": 7}],
    ]
    assert [len(statements) for statements in sent] == [2, 1]


def test_listeners_learn_of_the_statements(connection):
    heard = []
    for name in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(connection, name, lambda *call: heard.append(call[2].split()[0]))
    send_before(connection, "UPDATE thing SET number = %s", 1)
    fetch(connection, "SELECT number FROM thing WHERE number = %(number)s", {"number": 1})
    assert heard == ["UPDATE", "SELECT", "SELECT"]


def test_an_error_is_raised_as_by_sqlalchemy_without_values(open_work):
    with open_work.engine.connect() as connection, pytest.raises(ProgrammingError) as raised:
        fetch(connection, "SELECT %s FROM nowhere", "北山街")
    assert db_failures.code(raised.value) == "42P01"
    assert "北山街" not in str(raised.value)


def test_a_lock_that_is_not_granted_is_a_conflict(open_work):
    with open_work() as one, open_work.engine.connect() as other:
        fetch(one.connection, "SELECT pg_advisory_xact_lock(7)")
        send_before(other, "SET LOCAL lock_timeout = 1")
        with pytest.raises(OperationalError) as raised:
            fetch(other, "SELECT pg_advisory_xact_lock(7)")
    assert db_failures.is_conflict(raised.value)


def test_a_lost_connection_is_an_outage_and_is_replaced(open_work):
    with open_work.engine.connect() as lost, open_work.engine.begin() as other:
        ((pid,),) = fetch(lost, "SELECT pg_backend_pid()")
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError) as raised:
            fetch(lost, "SELECT 1")
    assert db_failures.is_outage(raised.value)
    assert raised.value.connection_invalidated
    with open_work() as work:
        assert fetch(work.connection, "SELECT 1") == [(1,)]


def test_a_connection_on_which_a_statement_timed_out_is_not_used_again(open_work, monkeypatch):
    def time_out(_cursor, _statements):
        raise Timeout

    with open_work.engine.connect() as slow:
        ((pid,),) = fetch(slow, "SELECT pg_backend_pid()")
        with monkeypatch.context() as patched:
            patched.setattr(round_trips.Cursor, "send", time_out)
            with pytest.raises(Timeout):
                fetch(slow, "SELECT 1")
        assert slow.invalidated
    with open_work() as work:
        assert fetch(work.connection, "SELECT pg_backend_pid()") != [(pid,)]
