"""Callbacks after the commit of a work."""

import pytest
from sqlalchemy import text

INSERT = "INSERT INTO tally VALUES ('chair', 1)"


def committed(open_work):
    """The number of rows that another transaction sees."""
    with open_work.engine.connect() as other:
        return other.execute(text("SELECT count(*) FROM tally")).scalar()


def test_after_commit_callbacks_run_after_the_commit(open_work):
    found = []
    with open_work() as work:
        work.after_commit(lambda: found.append(committed(open_work)))
        work.connection.execute(text(INSERT))
        assert found == []
    assert found == [1]


def test_after_commit_callbacks_do_not_run_after_a_rollback(open_work):
    found = []

    def fail():
        with open_work() as work:
            work.after_commit(lambda: found.append("too early"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert found == []
