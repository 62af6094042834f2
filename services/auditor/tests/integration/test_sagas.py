"""Sagas that do not go on are seen, and woken."""

import pytest

from auditor import audit, repairs, sagas
from services.auditor.tests.near import LocalQueries
from shared.ids import new_id

IN_TIME, SEEN_TO = sagas.CHECKS
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
    """A checkout that asked for stock some time ago; its timer is not there."""

    def call(age, status="running"):
        terms = {"saga_id": str(new_id()), "awaiting": str(new_id()), "age": age}
        queries["orders"].run(SAGA, **terms, status=status)
        queries["orders"].run(COMMAND, awaiting=terms["awaiting"], age=age)
        return terms["saga_id"]

    return call


@pytest.fixture
def look(queries):
    def call(check, *, settled=True):
        grace = None if settled else audit.GRACE
        return audit.audit([check], queries, grace=grace, pause=lambda: None).outcomes[0]

    return call


def abouts(outcome):
    return [finding.about for finding in outcome.findings]


def test_sg_17_a_saga_whose_timer_is_gone_is_found_when_its_wait_is_over(saga, look):
    saga("10 seconds")
    late = saga("40 seconds")
    outcome = look(IN_TIME)
    assert (abouts(outcome), outcome.checked) == ([f"saga {late}"], 2)


def test_a_timer_may_take_as_long_as_any_message(saga, look):
    saga("10 minutes")
    late = saga("18 minutes")
    outcome = look(IN_TIME, settled=False)
    assert (abouts(outcome), outcome.waiting) == ([f"saga {late}"], 1)


def test_a_saga_that_was_forgotten_is_woken_once_and_it_is_noted(queries, saga, look):
    late = saga("40 seconds")
    (finding,) = look(IN_TIME).findings
    assert [line.rpartition(": ")[2] for line in repairs.carry_out([finding] * 2, queries)] == [
        "done", "nothing to mend any more",
    ]  # fmt: skip
    (bell,) = queries["orders"].run("SELECT body::jsonb AS said FROM outbox WHERE topic = 'orders.wake_saga.v1'")
    assert bell["statement"] == {"saga_id": late, "attempt": 7}
    (entry,) = queries["orders"].run("SELECT about, actor FROM operator_log WHERE action = 'saga.wake'")
    assert entry["about"] == f"saga {late}"


def test_a_stuck_saga_breaks_nothing_and_is_listed(saga, look):
    stuck = saga("1 hour", "stuck")
    outcome = look(IN_TIME)
    assert outcome.findings == []
    assert stuck in outcome.listed[0]
    assert look(SEEN_TO).findings == []


def test_a_person_must_see_to_a_stuck_saga_within_a_day(saga, look):
    stuck = saga("25 hours", "stuck")
    saga("23 hours", "stuck")
    for settled in (True, False):
        assert abouts(look(SEEN_TO, settled=settled)) == [f"saga {stuck}"]
