"""Errors of the database end in logs and dead letters: what a statement carried must not be in them."""

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError

from shared import db_failures
from shared.engine import engine

SECRET = "江苏省苏州市山塘街 7 号"
TABLE = "CREATE TEMPORARY TABLE t (a text PRIMARY KEY, b integer CHECK (b > 0), c bytea)"
FAILING = {
    "a key that is taken": ("INSERT INTO t VALUES (:secret, 1)", IntegrityError, "t_pkey"),
    "a row that breaks a rule": ("INSERT INTO t VALUES (:secret || '!', 0)", IntegrityError, "t_b_check"),
    "a value of another type": ("SELECT CAST(:secret AS uuid)", DataError, "type uuid"),
    "a value in the middle": ("SELECT to_date(:secret, 'YYYY')", DataError, "invalid value"),
    "a table that is not there": ("SELECT :secret FROM nowhere", ProgrammingError, "nowhere"),
    "an entry that does not fit": (
        "INSERT INTO t SELECT :secret || string_agg(md5(n::text), '') FROM generate_series(1, 300) AS n",
        OperationalError,
        "index row",
    ),
}


@pytest.fixture(scope="module")
def connection(system_database):
    made = engine("tally", system_database)
    with made.connect() as connection:
        connection.execute(text(TABLE))
        connection.execute(text("INSERT INTO t VALUES (:secret, 1)"), {"secret": SECRET})
        connection.commit()
        yield connection
    made.dispose()


@pytest.fixture(params=FAILING, ids=str)
def failure(request, connection):
    """The error, and what it must tell all the same."""
    statement, kind, told = FAILING[request.param]
    with pytest.raises(kind) as raised:
        connection.execute(text(statement), {"secret": SECRET})
    connection.rollback()
    return raised.value, told


def logged(failure):
    """The failure with its traceback, as the log has it."""
    return structlog.processors.format_exc_info(None, "error", {"exc_info": failure})["exception"]


def test_an_error_names_its_cause_and_never_a_value(failure):
    error, told = failure
    assert isinstance(error, DBAPIError)
    for words in (str(error), repr(error), str(error.orig), repr(error.orig), logged(error)):
        assert SECRET[:6] not in words
        assert told in words
    assert db_failures.code(error)
