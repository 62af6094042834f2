"""Notifications that wait are processed in one transaction, with the outcome that each would have alone."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from payments.providers.interface import PaymentState
from payments.taking.store import Captures
from payments.taking.use_cases import notifications
from payments.work import Work
from services.payments.tests.builders import cancel_payment, open_payment, yuan
from shared.contracts.payments import PaymentCaptured, Standing
from shared.db import Database
from shared.testing.lengths import lasting


def outcomes(till):
    rows = till.rows("SELECT outcome FROM provider_notifications ORDER BY received_at")
    return [row["outcome"] for row in rows]


def process(till):
    """Process what waits; returns the number of committed transactions."""
    commits = []
    event.listen(till.open_work.engine, "commit", note := commits.append)
    try:
        notifications.process_waiting(till.open_work)
    finally:
        event.remove(till.open_work.engine, "commit", note)
    return len(commits)


def store(till, about):
    till.store(till.wechat._notify(about))


def paid(till, command):
    """What the provider reports once the buyer has paid, before it is stored."""
    _, body = till.pay(command)
    return till.wechat.notifications[body].about


def kept(till):
    return Counter(event.standing for event in till.published(PaymentCaptured))


def test_notifications_that_wait_are_processed_in_one_transaction(till):
    commands = [till.opened() for _ in range(5)]
    for command in commands:
        till.store(till.pay(command))
    assert process(till) == 1
    assert outcomes(till) == ["kept"] * 5
    assert till.balances == {"provider_clearing:wechat": 44_000, "merchant_payable": -44_000}


def test_more_than_a_batch_of_notifications_are_processed_in_one_round(till, monkeypatch):
    monkeypatch.setattr(notifications, "BATCH_SIZE", 2)
    for command in [till.opened() for _ in range(5)]:
        till.store(till.pay(command))
    process(till)
    assert outcomes(till) == ["kept"] * 5


def test_a_transaction_that_two_notifications_of_a_batch_report_is_captured_once(till):
    about = paid(till, till.opened())
    for _ in range(3):
        store(till, about)
    assert process(till) == 1
    assert outcomes(till) == ["kept", "known", "known"]
    assert kept(till) == {Standing.KEPT: 1}
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


def test_of_two_transactions_of_a_payment_in_a_batch_one_is_kept_and_one_returned(till):
    command = till.opened()
    for _ in range(2):
        till.store(till.pay(command))
    assert process(till) == 1
    assert outcomes(till) == ["kept", "returned"]
    assert kept(till) == {Standing.KEPT: 1, Standing.RETURNED: 1}
    assert till.balances["merchant_payable"] == -8800


def test_a_transaction_that_differs_from_one_of_the_same_batch_is_unidentified(till):
    first, second = till.opened(), till.opened()
    about = paid(till, first)
    store(till, about)
    store(till, replace(about, out_trade_no=till.number(second)))
    assert process(till) == 1
    assert outcomes(till) == ["kept", "unidentified"]
    assert [till.state(one) for one in (first, second)] == ["captured", "open"]


@pytest.fixture
def broken(till, monkeypatch):
    """Lets the processing of this transaction fail until it is removed."""
    found, add = set(), Captures.add

    def fail(captures, capture):
        if capture.transaction_id in found:
            raise RuntimeError("the poison works")
        return add(captures, capture)

    monkeypatch.setattr(Captures, "add", fail)
    return found


def waiting(till):
    return till.rows("SELECT tries FROM provider_notifications WHERE process_at IS NOT NULL")


def test_a_notification_that_cannot_be_processed_is_postponed_alone(till, broken):
    commands = [till.opened() for _ in range(5)]
    abouts = [paid(till, command) for command in commands]
    broken.add(abouts[2].transaction_id)
    for about in abouts:
        store(till, about)
    process(till)
    assert outcomes(till) == ["kept", "kept", None, "kept", "kept"]
    assert waiting(till) == [{"tries": 1}]
    assert kept(till) == {Standing.KEPT: 4}
    broken.clear()
    till.ahead += notifications.FIRST_PAUSE
    process(till)
    assert outcomes(till) == ["kept"] * 5


def test_a_stored_notification_that_cannot_be_read_is_postponed_alone(till):
    """Such as one that was stored by a newer release."""
    for command in [till.opened() for _ in range(3)]:
        till.store(till.pay(command))
    with till.open_work.engine.begin() as connection:
        first = "SELECT min(received_at) FROM provider_notifications"
        unknown = 'UPDATE provider_notifications SET about = \'{"shape": "new"}\''
        connection.exec_driver_sql(f"{unknown} WHERE received_at = ({first})")
    process(till)
    assert outcomes(till) == [None, "kept", "kept"]
    assert waiting(till) == [{"tries": 1}]


def test_the_payments_of_a_batch_are_locked_until_its_end(till):
    command = till.opened()
    impatient = text("SET LOCAL lock_timeout = '50ms'")
    with till.open_work() as work, till.open_work.engine.connect() as connection:
        work.payments.lock_attempts_in_advance({till.row(command)["attempt_id"]})
        connection.execute(impatient)
        with pytest.raises(OperationalError, match="lock timeout"):
            Work(connection).payments.lock(command.payment_id)


def test_a_round_without_a_database_ends(database_url):
    away = Database.standalone("payments", Work, database_url.replace("/test_payments_", "/not_there_"))
    with pytest.raises(OperationalError):
        notifications.process_waiting(away)


# Which payment a notification is about, and what it reports.
REPORTS = st.sampled_from(["paid", "paid", "paid", "again", "less", "failed", "unknown", "another app", "abroad"])
SENT = st.lists(st.tuples(st.integers(0, 2), REPORTS), min_size=2, max_size=7)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=lasting(25, long=400),
    deadline=None,
)
@given(sent=SENT, cancelled=st.sets(st.integers(0, 2)))
def test_notifications_processed_together_have_the_outcomes_of_those_processed_one_after_the_other(
    till, sent, cancelled
):
    together, one_by_one = (_processed(till, sent, cancelled, size) for size in (100, 1))
    assert together == one_by_one


def _processed(till, sent, cancelled, size):
    till.reset()
    commands = [open_payment() for _ in range(3)]
    openings = [till.send(command) for command in commands]
    till.call_provider()
    cancels = [till.send(cancel_payment(commands[which])) for which in sorted(cancelled)]
    for place, (which, what) in enumerate(sent):
        store(till, _about(till, commands[which], what, f"T{which}{place}", f"T{which}"))
        if size == 1:
            notifications.process_waiting(till.open_work)
    notifications.process_waiting(till.open_work)
    events = [(commands_place(commands, one), one.standing) for one in till.published(PaymentCaptured)]
    replies = [[type(reply) for reply in till.answers(sealed)] for sealed in (*openings, *cancels)]
    versions = [till.row(command)["version"] for command in commands]
    return outcomes(till), [till.state(one) for one in commands], versions, till.balances, events, replies


def commands_place(commands, event):
    return [command.payment_id for command in commands].index(event.payment_id)


def _about(till, command, what, new, known):
    """A report: of a transaction of its own, or of one that several notifications report ("again")."""
    about = paid(till, command)
    about = replace(about, transaction_id=known if what in ("again", "less") else new)
    changes = {
        "less": {"amount": yuan(1)},
        "failed": {"state": PaymentState.FAILED, "transaction_id": None},
        "unknown": {"out_trade_no": "POS-7"},
        "another app": {"ours": False},
        "abroad": {"amount": replace(about.amount, currency="USD")},
    }
    return replace(about, **changes.get(what, {}))
