"""The ledger on PostgreSQL: it balances after any sequence of steps, and the database enforces that."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from payments.taking.use_cases import notifications
from services.payments.tests.builders import (
    cancel_payment,
    cash_on_delivery,
    confirmed,
    delivered,
    open_payment,
    part,
    refund_payment,
)
from services.payments.tests.till import OPERATOR
from shared import round_trips
from shared.ids import new_id
from shared.money import Money
from shared.testing.lengths import lasting

STEPS = st.lists(
    st.sampled_from(
        [
            *("call", "pay", "pay twice", "pay wrongly", "report", "replay", "wait", "time out"),
            *("cancel", "refund", "arrive", "confirm", "deliver"),
        ]
    ),
    min_size=1,
    max_size=14,
)


class PaymentSteps:
    """One payment with any sequence of steps."""

    def __init__(self, till, command):
        self.till, self.wechat, self.command = till, till.wechat, command
        self.notifications = []
        till.send(command)

    def step(self, name):
        getattr(self, name.replace(" ", "_"))()

    def call(self):
        self.till.call_provider()

    def wait(self):
        self.till.later(seconds=10)

    def time_out(self):
        self.wechat.time_out("close")

    def pay(self):
        number = self._number()
        if number in self.wechat.payments:
            self.notifications.append(self.wechat.pay(number))

    def pay_twice(self):
        self.pay()
        self.pay()

    def pay_wrongly(self):
        if self._number() in self.wechat.payments:
            _, body = self.wechat.pay(self._number())
            about = replace(self.wechat.notifications[body].about, amount=Money(1))
            self.notifications.append(self.wechat._notify(about))

    def report(self):
        if self.notifications:
            self.till.report(self.notifications[-1])

    def replay(self):
        for notification in self.notifications:
            self.till.report(notification)

    def cancel(self):
        self.till.send(cancel_payment(self.command))

    def refund(self):
        self.till.send(refund_payment(self.command, Money(1200)))

    def arrive(self):
        for number in list(self.wechat.refunds):
            self.till.report(self.wechat.let_arrive(number))

    def confirm(self):
        self.till.send(confirmed(self.command))

    def deliver(self):
        self.till.send(delivered(self.command))

    def _number(self):
        attempt = self.till.row(self.command)["attempt_id"]
        return attempt.hex if attempt else ""


@settings(
    max_examples=lasting(40, long=4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, make_command=st.sampled_from([open_payment, cash_on_delivery]))
def test_the_ledger_balances_after_any_sequence_of_steps(till, steps, make_command):
    till.reset()
    path = PaymentSteps(till, make_command(part(Money(3000)), part(Money(2000))))
    for step in steps:
        path.step(step)
    check_the_payment(till, path.command)


def check_the_payment(till, command):
    parts = till.rows("SELECT * FROM payment_parts WHERE payment_id = :id", id=command.payment_id)
    payable = sum(p["receivable"] + p["captured"] - p["refunded"] for p in parts)
    assert till.balances.get("merchant_payable", 0) == -payable
    kept = till.rows("SELECT * FROM captures WHERE payment_id = :id AND standing = 'kept'", id=command.payment_id)
    assert len(kept) <= 1
    assert (till.state(command) == "captured") or not kept
    returned = till.rows("SELECT * FROM captures WHERE payment_id = :id", id=command.payment_id)
    refunds = till.rows("SELECT * FROM refunds WHERE payment_id = :id AND order_id IS NULL", id=command.payment_id)
    assert len(refunds) == len(returned) - len(kept)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET amount = amount + 1",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries",
        "DELETE FROM ledger_postings",
        "UPDATE ledger_postings SET kind = 'forged'",
    ],
)
def test_the_ledger_is_append_only(till, statement):
    till.paid()
    with pytest.raises(DBAPIError, match="append-only"), till.open_work() as work:
        work.connection.execute(text(statement))


def test_the_database_refuses_a_posting_that_does_not_balance(till):
    command = till.paid()
    with pytest.raises(DBAPIError, match="does not balance"), till.open_work() as work:
        work.connection.execute(
            text("""
            WITH posting AS (
                INSERT INTO ledger_postings VALUES (:posting, 'forged', :posting, :payment, now())
                RETURNING posting_id
            )
            INSERT INTO ledger_entries SELECT posting_id, 0, 'provider_clearing:wechat', 'CNY', 5, NULL
            FROM posting
            """),
            {"posting": new_id(), "payment": command.payment_id},
        )


def test_the_database_keeps_one_capture_per_payment(till):
    command = till.paid()
    with pytest.raises(DBAPIError, match="captures_one_is_kept"), till.open_work() as work:
        work.connection.execute(
            text("""
            INSERT INTO captures SELECT :id, provider, 'another', payment_id, attempt_id, amount, currency,
                standing, captured_at FROM captures WHERE payment_id = :payment
            """),
            {"id": new_id(), "payment": command.payment_id},
        )


def test_the_postings_of_a_transaction_take_as_many_statements_as_one(till, monkeypatch):
    shops = [new_id(), new_id()]
    for _ in range(3):
        till.store(till.pay(till.opened(*(part(Money(700), shop_id=shop) for shop in shops))))
    sent, send = [], round_trips.Cursor.send

    def note(cursor, statements):
        sent.extend(each.decode() for each in statements)
        send(cursor, statements)

    monkeypatch.setattr(round_trips.Cursor, "send", note)
    notifications.process_waiting(till.open_work)
    about = [each.split() for each in sent if "ledger_" in each]
    assert [words[0] for words in about] == ["INSERT", "INSERT", "INSERT", "SELECT", "UPDATE"]
    assert till.balances == {"provider_clearing:wechat": 4200, "merchant_payable": -4200}


@pytest.mark.parametrize("share", ["refunded = captured + 1", "captured = amount + 1", "written_off = -1"])
def test_the_database_refuses_a_part_that_refunds_or_captures_too_much(till, share):
    till.paid()
    with pytest.raises(DBAPIError, match="payment_parts"), till.open_work() as work:
        work.connection.execute(text(f"UPDATE payment_parts SET {share}"))


def test_the_trial_balance_has_every_account_and_balances(till):
    till.paid()
    assert till.service.get_trial_balance(OPERATOR, {}) == {
        "accounts": [
            {"account": "merchant_payable", "provider": None, "balance": {"amount": -8800, "currency": "CNY"}},
            {"account": "provider_clearing", "provider": "wechat", "balance": {"amount": 8800, "currency": "CNY"}},
        ],
        "balanced": True,
    }
