"""Database errors appear in logs and dead letters, so they must not contain the values of a statement."""

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError

from shared import db_failures
from shared.engine import engine

SECRET = "江苏省苏州市山塘街 7 号"
TABLE = "CREATE TEMPORARY TABLE t (a text PRIMARY KEY, b integer CHECK (b > 0), c bytea)"
FAILING = {
    "a duplicate key": ("INSERT INTO t VALUES (:secret, 1)", IntegrityError, "t_pkey"),
    "a row that violates a check": ("INSERT INTO t VALUES (:secret || '!', 0)", IntegrityError, "t_b_check"),
    "a value of the wrong type": ("SELECT CAST(:secret AS uuid)", DataError, "type uuid"),
    "a value inside the message": ("SELECT to_date(:secret, 'YYYY')", DataError, "invalid value"),
    "a table that does not exist": ("SELECT :secret FROM nowhere", ProgrammingError, "nowhere"),
    "an index entry that is too large": (
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
    """The error, and the text that it must still contain."""
    statement, kind, expected = FAILING[request.param]
    with pytest.raises(kind) as raised:
        connection.execute(text(statement), {"secret": SECRET})
    connection.rollback()
    return raised.value, expected


def logged(failure):
    """The failure with its traceback, as in the log."""
    return structlog.processors.format_exc_info(None, "error", {"exc_info": failure})["exception"]


def test_an_error_names_its_cause_and_never_a_value(failure):
    error, expected = failure
    assert isinstance(error, DBAPIError)
    for words in (str(error), repr(error), str(error.orig), repr(error.orig), logged(error)):
        assert SECRET[:6] not in words
        assert expected in words
    assert db_failures.code(error)
