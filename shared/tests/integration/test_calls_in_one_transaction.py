"""What a transaction does to provider calls is sent as few statements, with the outcome of one after the other."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared.ids import new_id
from shared.provider_calls.model import Call
from shared.testing.lengths import lasting

PRINT = "print"
THING = new_id()
KEYS = [new_id() for _ in range(3)]
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["request", "request", "finish", "postpone", "over", "look"])),
    min_size=2,
    max_size=8,
)


def calls(open_work):
    with open_work() as work:
        return sorted(work.calls.about(THING), key=lambda row: row["key"])


def test_the_calls_that_a_transaction_requests_are_stored_by_one_statement(open_work, sent):
    with open_work() as work:
        for key in KEYS:
            work.calls.request(PRINT, key, THING, at=NOON)
    assert sum("INTO provider_calls" in statement for statement in sent) == 1
    assert [row["key"] for row in calls(open_work)] == KEYS


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=lasting(40, long=800),
    deadline=None,
)
@given(steps=STEPS)
@example(steps=[(0, "request"), (0, "request")])
@example(steps=[(1, "request"), (0, "request"), (0, "finish"), (0, "request")])
@example(steps=[(0, "request"), (1, "request"), (0, "finish"), (1, "postpone"), (1, "request"), (1, "finish")])
def test_steps_of_one_transaction_have_the_outcome_that_each_would_have_in_its_own(open_work, steps):
    timed = [(NOON + timedelta(minutes=place), *step) for place, step in enumerate(steps)]
    assert outcome(open_work, [timed]) == outcome(open_work, [[step] for step in timed])


def outcome(open_work, transactions):
    with open_work() as work:
        work.connection.execute(text("DELETE FROM provider_calls"))
    for steps in transactions:
        with open_work() as work:
            for step in steps:
                take(work.calls, *step)
    return calls(open_work)


def take(of, at, which, step):
    key = KEYS[which]
    call = Call(kind=PRINT, key=key, about=THING, tries=0)
    {
        "request": lambda: of.request(PRINT, key, THING, at=at, urgent=bool(at.minute % 2)),
        "finish": lambda: of.finish(key, PRINT),
        "postpone": lambda: of.postpone(call, at, f"not at {at:%H:%M}"),
        "over": lambda: of.finish_unless_requested_again(call),
        "look": lambda: of.is_due(PRINT, key),
    }[step]()
