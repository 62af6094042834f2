"""What happens around the commit of a work."""

import pytest
from sqlalchemy import text

SAY_IT = "INSERT INTO tally VALUES ('said', 1)"


def seen(open_work):
    """How often it was said, as everybody else sees it."""
    with open_work.engine.connect() as other:
        return other.execute(text("SELECT count(*) FROM tally")).scalar()


def test_after_commit_callbacks_run_after_the_commit(open_work):
    found = []
    with open_work() as work:
        work.after_commit(lambda: found.append(seen(open_work)))
        work.connection.execute(text(SAY_IT))
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
