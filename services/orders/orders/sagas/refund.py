"""Money back for pieces of an order. The pivot is the money: refused by payments, the case is closed as failed.

Once payments owes the money, the goods return to stock and the saga is done. When the money has arrived is told
by PaymentRefunded, days later perhaps, and no saga waits for it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from orders.domain.order import Order
from orders.domain.refund import Refund
from orders.sagas.giving_back import GivingBack, order_lock, refund_payment, restock, stock_lines
from orders.use_cases import refunds
from orders.work import Work
from shared.sagas import Ask, Engine, Local, Saga


@dataclass(frozen=True, kw_only=True)
class GiveRefund(GivingBack):
    """`failure` is why the money could not go back."""

    failure: str | None = None


def open_case(work: Work, s: GiveRefund) -> None:
    refunds.begin(work, s.refund_id)


def fail_case(work: Work, s: GiveRefund) -> None:
    refunds.fail(work, s.refund_id, s.failure or "refund_failed")


def settle_goods(work: Work, s: GiveRefund) -> None:
    refunds.settle_goods(work, s.refund_id)


def because(s: GiveRefund, reason: str | None) -> GiveRefund:
    return replace(s, failure=reason)


saga = Saga(
    "orders.refund",
    GiveRefund,
    [
        Local("open", do=open_case, undo=fail_case),
        Ask("refund_payment", do=refund_payment, within=timedelta(minutes=1), pivot=True, skippable=False),
        Ask("restock", do=restock),
        Local("close", do=settle_goods),
    ],
    locks=order_lock,
    because=because,
    version=2,
)


def begin(sagas: Engine, work: Work, refund: Refund, order: Order) -> None:
    """Begin the saga of a refund that was granted."""
    state = GiveRefund(
        refund_id=refund.refund_id,
        order_id=order.order_id,
        checkout_id=order.checkout_id,
        payment_id=order.payment_id,
        amount=refund.amount,
        lines=stock_lines(refund),
    )
    sagas.start(work, saga, refund.refund_id, state)
