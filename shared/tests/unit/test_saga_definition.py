"""A saga definition that breaks a rule raises BadSaga when it is imported."""

from dataclasses import replace

import pytest

from shared.contracts import catalog, payments
from shared.contracts.orders import WakeSaga
from shared.messages import Command
from shared.sagas import Await, BadSaga, Call, Local, Saga, answers_to, consumed_by
from shared.tests.saga_examples import STEPS, Supper, nothing, release, reserve, supper

OPEN, RESERVE, OPEN_PAYMENT, TAKE_PAYMENT, CONFIRM, COMMIT = STEPS


class Shout(Command, topic="test.shout.v1", key="topic"):
    """A command without answers."""


def shout(_s) -> Shout:
    return Shout()


def unannotated(_s):
    return None


BROKEN = {
    "exactly one pivot": [OPEN, RESERVE],
    "exactly one pivot: confirm, again": [OPEN, CONFIRM, replace(CONFIRM, name="again")],
    "names of the steps are unique: open": [OPEN, OPEN, CONFIRM],
    "before the pivot has an undo: reserve": [OPEN, Call("reserve", do=reserve), CONFIRM],
    "before the pivot has an undo: late": [Local("late", do=nothing), CONFIRM],
    "steps after it have no undo: reserve": [CONFIRM, RESERVE],
    "has no deadline: take_payment": [CONFIRM, TAKE_PAYMENT],
    "has a type annotation and answers: shout": [CONFIRM, Call("shout", do=shout)],
    "has a type annotation and answers: unannotated": [CONFIRM, Call("unannotated", do=unannotated)],
    "right before its wait: open_payment": [OPEN_PAYMENT, RESERVE, TAKE_PAYMENT, CONFIRM],
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_definition_that_breaks_a_rule_is_refused_with_the_name_of_the_rule(rule):
    with pytest.raises(BadSaga, match=rule):
        Saga("test.broken", Supper, BROKEN[rule], WakeSaga)


def test_a_saga_consumes_the_events_it_awaits_and_its_timers():
    assert set(consumed_by(supper)) == {payments.PaymentCaptured, WakeSaga}


def test_a_saga_consumes_the_replies_to_all_its_commands():
    assert set(answers_to(supper)) == {
        catalog.StockReserved,
        catalog.StockRefused,
        catalog.StockReleased,
        catalog.StockCommitted,
        catalog.StockCommitRefused,
        payments.PaymentOpened,
        payments.PaymentAuthorized,
        payments.PaymentCaptured,
        payments.PaymentRefused,
        payments.PaymentCancelled,
    }


def test_an_undo_depends_on_the_ids_of_the_state_alone():
    state = Supper(checkout_id=WakeSaga.topic, payment_id=None)
    assert release(state) == release(replace(state, opened=1))


def test_an_await_without_a_deadline_is_allowed_after_the_pivot():
    assert Saga("test.patient", Supper, [CONFIRM, Await("parcel", (), key=str, when=nothing)], WakeSaga).pivot == 0
