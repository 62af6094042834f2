"""Sagas that ended long ago are deleted, with their counts kept, once the auditor has proven their results."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from orders.retention import RULES
from shared import proven
from shared.contracts.auditing.requests import AuditProven
from shared.retention import Purger

SAGAS = """
    INSERT INTO saga (saga_id, name, business_key, version, status, attempt, tries, undo, met, state)
    SELECT gen_random_uuid(), 'orders.checkout', :status || n, 1, :status, 1, 0, '[]', '[]', '{}'
    FROM generate_series(1, :many) AS n
"""
TRANSITIONS = """
    INSERT INTO saga_transition (saga_id, at, input, to_status, actor)
    SELECT saga_id, now(), '{}', status, 'saga' FROM saga CROSS JOIN generate_series(1, 3)
"""
AGED = "UPDATE saga SET modified_at = now() - CAST(:age AS interval) WHERE status = :status"


@pytest.fixture
def run(open_work):
    def run(statement, **terms):
        with open_work() as work:
            work.connection.execute(text("SET LOCAL session_replication_role = replica"))
            found = work.connection.execute(text(statement), terms)
            return found.all() if found.returns_rows else found.rowcount

    return run


@pytest.fixture
def sagas(run):
    for status, age in (
        ("done", "91 days"),
        ("undone", "91 days"),
        ("stuck", "400 days"),
        ("waiting", "400 days"),
    ):
        run(SAGAS, status=status, many=3)
        run(AGED, status=status, age=age)
    run(TRANSITIONS)


def prove(open_work, *checks, upto=datetime(2100, 1, 1, tzinfo=UTC)):
    with open_work() as work:
        proven.note(work.connection, AuditProven(upto=dict.fromkeys(checks, upto)))


def statuses(run):
    return dict(map(tuple, run("SELECT status, count(*) FROM saga GROUP BY status")))


@pytest.mark.usefixtures("sagas")
def test_ended_sagas_are_archived_with_their_transitions_and_counted(open_work, run):
    prove(open_work, *RULES["saga"].proven_by)
    assert Purger([RULES["saga"]]).round(open_work.engine) == 6
    assert statuses(run) == {"stuck": 3, "waiting": 3}
    assert run("SELECT count(*) FROM saga_transition") == [(18,)]
    counted = run("SELECT status, sum(sagas), sum(transitions) FROM saga_summary GROUP BY status ORDER BY status")
    assert counted == [("done", 3, 9), ("undone", 3, 9)]


@pytest.mark.usefixtures("sagas")
def test_sagas_that_the_auditor_has_not_proven_are_kept(open_work, run):
    *all_but_one, last = RULES["saga"].proven_by
    prove(open_work, *all_but_one)
    assert Purger([RULES["saga"]]).round(open_work.engine) == 0
    prove(open_work, last, upto=datetime(2001, 1, 1, tzinfo=UTC))
    assert Purger([RULES["saga"]]).round(open_work.engine) == 0
    assert statuses(run)["done"] == 3


@pytest.mark.usefixtures("sagas")
@pytest.mark.parametrize("change", ["DELETE FROM saga_transition", "UPDATE saga_transition SET note = 'x'"])
def test_the_transitions_of_a_saga_cannot_be_changed_otherwise(open_work, change):
    with pytest.raises(InternalError, match="append-only"), open_work() as work:
        work.connection.execute(text(change))
