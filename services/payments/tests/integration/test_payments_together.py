"""Commands, provider calls and queries that share a transaction have the outcomes that each would have alone."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from payments.providers.interface import ProviderSilent
from payments.providers.model import CallKind
from payments.providers.wechat.failures import refused
from payments.service import PaymentsService
from payments.taking.model.unanswered import CommandKind
from services.payments.tests.builders import (
    cancel_payment,
    cash_on_delivery,
    confirmed,
    open_payment,
    part,
    payment,
    yuan,
)
from shared.auth import Caller
from shared.contracts.payments import Method, PaymentOpened
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import deliver, envelope
from shared.testing.lengths import lasting
from tests.together import Counter

RULES = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=lasting(25, long=400),
    deadline=None,
)


CALLS = "SELECT kind, tries, error, due_at IS NULL AS is_over FROM provider_calls ORDER BY about, kind"


def settle(till, size):
    """Make the calls that are due, and settle them `size` at a time."""
    made = [till.worker._make(prepared) for prepared in till.worker.claim(till.open_work, 10)]
    for at in range(0, len(made), size):
        till.worker._settling.settle(till.open_work, made[at : at + size])


def told(till, sent):
    """What payments has published and stored for these commands."""
    replies = [[type(reply).__name__ for reply in till.answers(sealed)] for sealed in sent]
    commands = {sealed.body.payment_id: sealed.body for sealed in sent}.values()
    rows = [{name: till.row(one)[name] for name in ("state", "version", "reason")} for one in commands]
    calls = till.rows(
        "SELECT kind, tries, error, due_at IS NULL AS is_over FROM provider_calls ORDER BY about, kind"
    )
    events = sorted(type(one).__name__ for one in till.published(object))
    return replies, rows, calls, events, till.rows("SELECT kind FROM unanswered_commands")


def test_calls_that_open_payments_are_settled_in_one_transaction(till):
    sent = [till.send(open_payment()) for _ in range(5)]
    commits = []
    event.listen(till.open_work.engine, "commit", note := commits.append)
    settle(till, 5)
    event.remove(till.open_work.engine, "commit", note)
    assert len(commits) == 2  # they are claimed in the other one
    assert [type(till.answer(sealed)) for sealed in sent] == [PaymentOpened] * 5


def test_a_call_about_a_new_payment_is_stored_after_it_whatever_was_requested_before(till):
    known, new = till.opened(), payment()
    with till.open_work() as work:
        work.calls.request(CallKind.CLOSE, new_id(), known.payment_id, at=work.now)
        work.payments.add(new)
        work.calls.request(CallKind.OPEN, new.attempt_id, new.payment_id, at=work.now)
    due = till.rows("SELECT kind FROM provider_calls WHERE due_at <= now() ORDER BY kind")
    assert [row["kind"] for row in due] == ["close", "open"]


def test_a_command_that_is_stored_and_answered_in_one_transaction_is_not_left(till):
    first, second = (till.send(open_payment()).body.payment_id for _ in range(2))
    with till.open_work() as work:
        work.unanswered.read_in_advance([first, second])
        (stored,) = work.unanswered.take(first, CommandKind.OPEN)
        added = replace(stored, message_id=new_id(), payment_id=second)
        work.unanswered.add(added)
        assert added in work.unanswered.take(second, CommandKind.OPEN)
    assert till.rows("SELECT FROM unanswered_commands") == []


ENDS = st.sampled_from(
    ["opened", "opened", "refused", "silent", "cancelled before", "opened twice", "paid before"]
)


@RULES
@given(ends=st.lists(ENDS, min_size=2, max_size=6))
def test_calls_settled_together_have_the_outcomes_of_those_settled_one_after_the_other(till, ends):
    assert _settled(till, ends, 10) == _settled(till, ends, 1)


def _settled(till, ends, size):
    till.reset()
    sent = [till.send(open_payment()) for _ in ends]
    claimed = till.worker.claim(till.open_work, 10)
    by_payment = {prepared.call.payment_id: till.worker._make(prepared) for prepared in claimed}
    for end, sealed in zip(ends, list(sent), strict=True):
        sent += _before(till, end, sealed)
    made = [by_payment[sealed.body.payment_id] for sealed in sent[: len(ends)]]
    made = [_changed(end, one) for end, one in zip(ends, made, strict=True)]
    for at in range(0, len(made), size):
        till.worker._settling.settle(till.open_work, made[at : at + size])
    return told(till, sent)


def _before(till, end, sealed):
    """What happens between the call and its settlement; returns the commands that were sent."""
    if end == "cancelled before":
        return [till.send(cancel_payment(sealed.body))]
    if end == "opened twice":
        return [till.again(sealed)]
    if end == "paid before":
        till.report(till.pay(sealed.body))
    return []


def _changed(end, made):
    answers = {"refused": refused("NOAUTH"), "silent": ProviderSilent("no answer")}
    return replace(made, answer=answers.get(end, made.answer))


# ---- commands and events in one batch


def test_openings_of_a_batch_open_each_payment_once(till):
    first, second, cash = envelope(open_payment()), envelope(open_payment()), envelope(cash_on_delivery())
    known = till.send(open_payment())
    again, same = envelope(first.body), envelope(known.body)
    deliver(PaymentsService, till.open_work, first, second, again, cash, same)
    till.call_provider()
    assert len(till.rows("SELECT 1 FROM payments")) == 4
    assert till.wechat.calls["open"] == 3
    for sealed in (first, second, again, cash, known, same):
        assert len(till.answers(sealed)) == 1


def test_an_opening_and_the_cancel_of_its_payment_keep_their_order(till):
    command = open_payment()
    cancelled = till.send(cancel_payment(command))
    deliver(PaymentsService, till.open_work, opening := envelope(command), envelope(open_payment()))
    till.call_provider()
    assert till.state(command) == "cancelled"
    assert [len(till.answers(sealed)) for sealed in (cancelled, opening)] == [1, 1]


def test_orders_confirmed_in_a_batch_are_booked_once_each(till):
    two = cash_on_delivery(part(yuan(30)), part(yuan(20)))
    one, prepaid = cash_on_delivery(part(yuan(7))), till.opened()
    for command in (two, one):
        till.send(command)
    events = [confirmed(two), confirmed(two, 1), confirmed(one), confirmed(one), confirmed(prepaid)]
    unknown = confirmed(cash_on_delivery())
    deliver(PaymentsService, till.open_work, *map(envelope, [*events, unknown]))
    assert till.balances == {"receivable": 5700, "merchant_payable": -5700}
    deliver(PaymentsService, till.open_work, *map(envelope, events))
    assert till.balances == {"receivable": 5700, "merchant_payable": -5700}


@RULES
@given(
    methods=st.lists(st.sampled_from(["wechat", "cash_on_delivery", "nothing"]), min_size=3, max_size=3),
    sent=st.lists(st.integers(0, 2), min_size=2, max_size=6),
)
def test_openings_of_a_batch_have_the_outcomes_of_those_that_come_one_after_the_other(till, methods, sent):
    def outcome(size):
        till.reset()
        amounts = [part(yuan(0 if method == "nothing" else 88)) for method in methods]
        commands = [open_payment(one, method=Method(how)) for one, how in zip(amounts, methods, strict=True)]
        sealed = [envelope(commands[which]) for which in sent]
        for at in range(0, len(sealed), size):
            deliver(PaymentsService, till.open_work, *sealed[at : at + size])
        till.call_provider()
        return told(till, sealed)

    assert outcome(len(sent)) == outcome(1)


# ---- queries


@pytest.fixture
def found(till):
    """The answers to requests for payments that wait together."""
    return Counter(PaymentsService, till.open_work, "get_payment").answers


def a_buyer(command):
    return Caller(user_id=command.buyer_id, roles=frozenset({Role.SHOPPER}))


def test_payments_that_are_requested_together_are_read_at_once_and_shown_to_their_buyers_only(till, found):
    one, other = till.opened(), till.paid(part(yuan(30)), part(yuan(58)))
    asked = [
        (a_buyer(one), {"checkout_id": str(one.checkout_id)}),
        (a_buyer(other), {"checkout_id": str(other.checkout_id)}),
        (a_buyer(one), {"checkout_id": str(other.checkout_id)}),
        (a_buyer(one), {"checkout_id": str(new_id())}),
        (Caller(), {"checkout_id": str(one.checkout_id)}),
        (a_buyer(one), {"payment_id": 5}),
        (a_buyer(one), {"checkout_id": str(one.checkout_id)}),
    ]
    statements = []
    event.listen(till.open_work.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    answers = found(asked)
    assert len(statements) == 1, statements  # payments with their parts and lines
    assert [bool(answer["result"]) for answer in answers] == [True, True, False, False, False, False, True]
    assert answers == found(asked, 1)


def test_payments_are_found_by_their_own_ids_too(till, found):
    commands = [till.opened() for _ in range(2)]
    asked = [(a_buyer(one), {"payment_id": str(one.payment_id)}) for one in commands]
    answers = found(asked)
    assert [answer["result"]["payment_id"] for answer in answers] == [str(one.payment_id) for one in commands]
