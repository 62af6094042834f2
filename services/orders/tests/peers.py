"""The other services as seen by orders: they reply to the commands in its outbox.

They accept every command by default; `pays` pays a checkout. `tests/model/test_peers.py` compares their replies
about payments with those of the real service.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from orders.service import OrdersService
from shared import message_encoding
from shared.contracts import catalog, marketing, payments
from shared.contracts.orders import WakeSaga
from shared.contracts.payments import Method, Standing
from shared.contracts.users import SendMessage
from shared.db import OpenWork
from shared.outbox import outbox
from shared.testing import deliver, envelope


def opened(c):
    known = {"payment_id": c.payment_id, "checkout_id": c.checkout_id, "amount": c.amount}
    if c.method is Method.CASH_ON_DELIVERY:
        return payments.PaymentAuthorized(**known)
    if c.method is Method.NOTHING:
        return captured(c)
    expires_at = datetime.now(UTC) + timedelta(seconds=c.pay_within)
    return payments.PaymentOpened(
        **known, method=c.method, pay_action=payments.QrCode(content="weixin://pay"), expires_at=expires_at
    )


def captured(c, standing=Standing.KEPT):
    return payments.PaymentCaptured(
        payment_id=c.payment_id,
        checkout_id=c.checkout_id,
        order_id=None,
        amount=c.amount,
        standing=standing,
        captured_at=datetime.now(UTC),
    )


def refund_accepted(c):
    return payments.RefundAccepted(**_refund(c), amount=c.amount, lines=c.lines)


def refund_refused(c, reason="payment_unpaid"):
    return payments.RefundFailed(**_refund(c), reason=reason)


def refunded(c):
    return payments.PaymentRefunded(**_refund(c), amount=c.amount, lines=c.lines)


def _refund(c):
    return {"refund_id": c.refund_id, "payment_id": c.payment_id, "order_id": c.order_id}


ACCEPTANCES = {
    catalog.ReserveStock: lambda c: catalog.StockReserved(checkout_id=c.checkout_id),
    catalog.ReleaseStock: lambda c: catalog.StockReleased(checkout_id=c.checkout_id),
    catalog.CommitStock: lambda c: catalog.StockCommitted(checkout_id=c.checkout_id),
    catalog.Restock: lambda c: catalog.StockRestocked(refund_id=c.refund_id, order_id=c.order_id),
    marketing.HoldBenefits: lambda c: marketing.BenefitsHeld(checkout_id=c.checkout_id),
    marketing.ReleaseBenefits: lambda c: marketing.BenefitsReleased(checkout_id=c.checkout_id),
    marketing.RedeemBenefits: lambda c: marketing.BenefitsRedeemed(checkout_id=c.checkout_id),
    marketing.RestoreBenefits: lambda c: marketing.BenefitsRestored(checkout_id=c.checkout_id),
    payments.OpenPayment: opened,
    payments.CancelPayment: lambda c: payments.PaymentCancelled(
        payment_id=c.payment_id, checkout_id=c.checkout_id
    ),
    payments.RefundPayment: refund_accepted,
}


@dataclass
class Peers:
    """Replies once to each command, in the order they were sent. Timers do not run."""

    open_work: OpenWork
    answers: dict = field(default_factory=dict)  # command type → the reply; None: no reply
    answered: set = field(default_factory=set)
    arrived: set = field(default_factory=set)  # refunds that were reported as paid
    refunds_are_slow: bool = False  # accepted refunds are paid by refunds_arrive
    since: int = 0  # ignore the outbox up to this position

    def answer_all(self):
        """Reply until orders sends no more commands."""
        while new := [(m, c) for m, c in self.commands() if m not in self.answered]:
            for message_id, command in new:
                self.answered.add(message_id)
                self._answer(message_id, command)

    def answer_first(self, kind):
        """Reply to the first command of this kind without a reply, and to nothing else."""
        message_id, command = next((m, c) for m, c in self.commands(kind) if m not in self.answered)
        self.answered.add(message_id)
        self._answer(message_id, command)

    def pays(self):
        """Pay the last payment that was opened."""
        _, command = [(m, c) for m, c in self.commands() if isinstance(c, payments.OpenPayment)][-1]
        self.consumes(captured(command))
        self.answer_all()

    def refunds_arrive(self):
        """Report every accepted refund as paid, once."""
        for _, command in self.commands(payments.RefundPayment):
            self._arrives(command)

    def consumes(self, event, in_reply_to=None):
        deliver(OrdersService, self.open_work, envelope(event, in_reply_to=in_reply_to))

    def commands(self, kind=None):
        """Message id and body of every command of this kind in the outbox; by default of all that get a reply."""
        rows = select(outbox.c.message_id, outbox.c.topic, outbox.c.body)
        rows = rows.where(
            outbox.c.kind == "command", outbox.c.not_before.is_(None), outbox.c.position > self.since
        )
        with self.open_work.engine.connect() as connection:
            found = [
                (row.message_id, message_encoding.message(row.topic, row.body))
                for row in connection.execute(rows.order_by(outbox.c.position))
            ]
        return [(m, c) for m, c in found if (isinstance(c, kind) if kind else not isinstance(c, SendMessage))]

    def _answer(self, message_id, command):
        if isinstance(command, WakeSaga):
            self.consumes(command)
            return
        reply_to = {**ACCEPTANCES, **self.answers}[type(command)]
        answer = reply_to and reply_to(command)
        if answer:
            self.consumes(answer, message_id)
        if isinstance(answer, payments.RefundAccepted) and not self.refunds_are_slow:
            self._arrives(command)

    def _arrives(self, command):
        if command.refund_id not in self.arrived:
            self.arrived.add(command.refund_id)
            self.consumes(refunded(command))
