"""Sagas that do not continue are found and woken."""

import pytest

from auditor import audit, repairs, sagas
from services.auditor.tests.local_queries import LocalQueries
from shared.ids import new_id

IN_TIME, RESOLVED = sagas.CHECKS
SAGA = """
    INSERT INTO saga
        (saga_id, name, business_key, version, status, step, attempt, tries, awaiting,
         undo, met, state, updated_at)
    VALUES (:saga_id, 'orders.checkout', :saga_id, 1, :status, 'reserve_stock', 7, 1, :awaiting, '[]', '[]', '{}',
            now() - CAST(:age AS interval))
"""
COMMAND = """
    INSERT INTO outbox (message_id, topic, kind, subject, body, headers, within, sent_at)
    VALUES (:awaiting, 'catalog.reserve_stock.v1', 'command', 'c', '{}', '{}', 30000,
            now() - CAST(:age AS interval))
"""


@pytest.fixture(scope="module")
def queries():
    made = LocalQueries()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _empty(queries):
    queries["orders"].run("TRUNCATE outbox, saga CASCADE")


@pytest.fixture
def saga(queries):
    """A checkout that commanded to reserve stock some time ago; its timer is missing."""

    def call(age, status="running"):
        terms = {"saga_id": str(new_id()), "awaiting": str(new_id()), "age": age}
        queries["orders"].run(SAGA, **terms, status=status)
        queries["orders"].run(COMMAND, awaiting=terms["awaiting"], age=age)
        return terms["saga_id"]

    return call


@pytest.fixture
def run(queries):
    def call(check, *, settled=True):
        grace = None if settled else audit.GRACE
        return audit.audit([check], queries, grace=grace, pause=lambda: None).outcomes[0]

    return call


def abouts(outcome):
    return [finding.about for finding in outcome.findings]


def test_sg_17_a_saga_without_a_timer_is_found_after_its_deadline(saga, run):
    saga("10 seconds")
    late = saga("40 seconds")
    outcome = run(IN_TIME)
    assert (abouts(outcome), outcome.checked) == ([f"saga {late}"], 2)


def test_a_timer_may_take_as_long_as_any_message(saga, run):
    saga("10 minutes")
    late = saga("18 minutes")
    outcome = run(IN_TIME, settled=False)
    assert (abouts(outcome), outcome.waiting) == ([f"saga {late}"], 1)


def test_a_late_saga_is_woken_once_and_logged(queries, saga, run):
    late = saga("40 seconds")
    (finding,) = run(IN_TIME).findings
    assert [line.rpartition(": ")[2] for line in repairs.carry_out([finding] * 2, queries)] == [
        "done", "nothing left to repair",
    ]  # fmt: skip
    (wake,) = queries["orders"].run("SELECT body::jsonb AS body FROM outbox WHERE topic = 'orders.wake_saga.v1'")
    assert wake["body"] == {"saga_id": late, "attempt": 7}
    (entry,) = queries["orders"].run("SELECT about, actor FROM operator_log WHERE action = 'saga.wake'")
    assert entry["about"] == f"saga {late}"


def test_a_stuck_saga_is_listed_and_no_finding(saga, run):
    stuck = saga("1 hour", "stuck")
    outcome = run(IN_TIME)
    assert outcome.findings == []
    assert stuck in outcome.listed[0]
    assert run(RESOLVED).findings == []


def test_a_stuck_saga_must_be_resolved_within_a_day(saga, run):
    stuck = saga("25 hours", "stuck")
    saga("23 hours", "stuck")
    for settled in (True, False):
        assert abouts(run(RESOLVED, settled=settled)) == [f"saga {stuck}"]
