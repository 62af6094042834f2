"""Statements that are sent together: their order, transaction and errors, and the number of round trips."""

import psycopg2
import pytest
import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InternalError, ProgrammingError

from shared import round_trips
from shared.round_trips import later

ADD = text("INSERT INTO tally VALUES (:name, :count)")
READ = text("SELECT times FROM tally WHERE subject = :name")


@pytest.fixture
def sent(monkeypatch):
    """What was sent, a text for each round trip."""
    found, real = [], round_trips.Cursor.send

    def note(cursor, statements):
        found.append(b";".join(statements).decode())
        real(cursor, statements)

    monkeypatch.setattr(round_trips.Cursor, "send", note)
    return found


def count(open_work, name):
    with open_work.engine.connect() as other:
        return other.execute(READ, {"name": name}).scalar()


def test_begin_is_sent_with_the_first_statement_and_what_waits_with_the_commit(open_work, sent):
    count(open_work, "chair")  # connects
    sent.clear()
    with open_work() as work:
        later(work.connection, ADD, {"name": "chair", "count": 1})
        later(work.connection, ADD, {"name": "table", "count": 2})
    assert sent == [
        "BEGIN;INSERT INTO tally VALUES ('chair', 1);INSERT INTO tally VALUES ('table', 2);COMMIT",
    ]
    assert (count(open_work, "chair"), count(open_work, "table")) == (1, 2)


def test_a_transaction_without_a_statement_sends_nothing(open_work, sent):
    count(open_work, "chair")
    sent.clear()
    with open_work():
        pass
    assert sent == []


def test_a_statement_sees_the_effect_of_those_that_waited(open_work, sent):
    with open_work() as work:
        later(work.connection, ADD, {"name": "chair", "count": 1})
        sent.clear()
        assert work.connection.execute(READ, {"name": "chair"}).scalar() == 1
        assert len(sent) == 1


def test_many_rows_are_one_round_trip(open_work, sent):
    with open_work() as work:
        work.connection.execute(ADD, [{"name": f"chair {n}", "count": n} for n in range(5)])
        changed = text("UPDATE tally SET times = :count WHERE subject = :name")
        sent.clear()
        work.connection.execute(changed, [{"name": f"chair {n}", "count": 10 * n} for n in range(5)])
        assert len(sent) == 1
    assert [count(open_work, f"chair {n}") for n in range(5)] == [0, 10, 20, 30, 40]


def works(open_work, *steps):
    """A transaction of these steps."""
    with open_work() as work:
        for step in steps:
            step(work.connection)


def adds(name, count):
    return lambda connection: connection.execute(ADD, {"name": name, "count": count})


def adds_later(name, count):
    return lambda connection: later(connection, ADD, {"name": name, "count": count})


def reads(connection):
    connection.execute(text("SELECT 1"))


def test_a_statement_for_no_parameters_begins_no_transaction(open_work, sent):
    raw = open_work.engine.raw_connection()
    raw.cursor().executemany("INSERT INTO tally VALUES (%s, %s)", [])
    raw.cursor().execute("INSERT INTO tally VALUES ('chair', 1)")
    raw.rollback()
    raw.close()
    assert count(open_work, "chair") is None


def test_a_rolled_back_transaction_leaves_nothing_and_forgets_what_waited(open_work):
    def fails(_connection):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        works(open_work, adds("chair", 1), adds_later("table", 2), fails)
    works(open_work, reads)
    assert (count(open_work, "chair"), count(open_work, "table")) == (None, None)


@pytest.mark.parametrize("then", [[reads], []], ids=["the_next_one", "the_commit"])
def test_an_error_of_a_statement_that_waited_is_raised_later_and_undoes_everything(open_work, then):
    with pytest.raises(IntegrityError):
        works(open_work, adds_later("chair", 1), adds_later("chair", 2), *then)
    assert count(open_work, "chair") is None
    works(open_work, adds_later("chair", 3))  # the connection can be used again
    assert count(open_work, "chair") == 3


def test_the_commit_of_an_aborted_transaction_raises(open_work):
    def hides_an_error(connection):
        with pytest.raises(ProgrammingError):
            connection.execute(text("SELECT nothing_like_it"))

    with pytest.raises(InternalError):
        works(open_work, adds("chair", 1), hides_an_error)
    assert count(open_work, "chair") is None


def test_a_level_of_isolation_applies_to_each_transaction_and_is_reset(open_work, sent):
    strict = open_work.engine.execution_options(isolation_level="SERIALIZABLE")
    with strict.begin() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "serializable"
    with open_work() as work:
        assert work.connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    sent.clear()
    alone = open_work.engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        connection.execute(ADD, {"name": "chair", "count": 1})
        assert count(open_work, "chair") == 1
    assert sent[0] == "INSERT INTO tally VALUES ('chair', 1)"


def test_a_generated_key_is_not_waited_for(open_work):
    table = sa.Table(
        "numbered", sa.MetaData(), sa.Column("number", sa.Integer, primary_key=True), sa.Column("name", sa.Text)
    )
    with open_work() as work:
        work.connection.execute(text("CREATE TABLE numbered (number serial PRIMARY KEY, name text)"))
        later(work.connection, sa.insert(table).values(name="chair"))
        assert work.connection.execute(sa.select(table.c.name)).scalars().all() == ["chair"]
        later(work.connection, sa.insert(table), [{"name": "table"}, {"name": "bed"}])
        assert work.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 3


def test_a_connection_that_broke_while_unused_is_replaced_before_its_next_use(open_work, monkeypatch):
    monkeypatch.setattr(round_trips, "TRUSTED_FOR", -1)
    with open_work() as work:
        pid = work.connection.execute(text("SELECT pg_backend_pid()")).scalar()
    with psycopg2.connect(
        open_work.engine.url.render_as_string(hide_password=False).replace("+psycopg2", "")
    ) as other:
        other.cursor().execute("SELECT pg_terminate_backend(%s)", [pid])
    assert count(open_work, "chair") is None


def test_values_with_separators_and_percent_signs_are_data(open_work):
    for name in ("a;b", "100%", "%s", "it's; DROP TABLE tally; --", "\\"):
        with open_work() as work:
            later(work.connection, ADD, {"name": name, "count": 7})
        assert count(open_work, name) == 7
