"""One confirmed order is cancelled: what is still owed to it goes back, its goods return to stock.

The decision was to mark the order `cancelling`, which happens before the saga begins. So its first step is
the pivot, and everything else goes on until it succeeds. It runs when no other saga holds the order.

Stock and benefits come back as soon as payments owes the money. When that has arrived is told by
PaymentRefunded, days later perhaps, and no saga waits for it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from orders.domain.checkout import Checkout
from orders.domain.order import Order
from orders.sagas.giving_back import GivingBack, order_lock, refund_payment, restock, stock_lines
from orders.use_cases import cancellations
from orders.work import Work
from shared.contracts import marketing
from shared.ids import new_id
from shared.money import zero
from shared.sagas import Ask, Engine, Local, Saga


@dataclass(frozen=True, kw_only=True)
class CancelOrder(GivingBack):
    """`benefits`: the checkout used some; `last`: with this order the whole checkout is cancelled."""

    benefits: bool
    last: bool = False


def claim(work: Work, s: CancelOrder) -> CancelOrder:
    """Find out, now that no refund of the order is under way, what is left to give back."""
    refund = cancellations.claim(work, s.order_id, s.refund_id)
    return replace(s, amount=refund.amount, lines=stock_lines(refund)) if refund else s


def close(work: Work, s: CancelOrder) -> CancelOrder:
    return replace(s, last=cancellations.close(work, s.order_id, s.refund_id))


def restore_benefits(s: CancelOrder) -> marketing.RestoreBenefits | None:
    return marketing.RestoreBenefits(checkout_id=s.checkout_id) if s.benefits and s.last else None


saga = Saga(
    "orders.cancel_order",
    CancelOrder,
    [
        Local("claim", do=claim, pivot=True),
        Ask("refund_payment", do=refund_payment, within=timedelta(minutes=1), skippable=False),
        Ask("restock", do=restock),
        Local("close", do=close),
        Ask("restore_benefits", do=restore_benefits),
    ],
    locks=order_lock,
    version=2,
)


def begin(sagas: Engine, work: Work, order: Order, checkout: Checkout, refund_id: UUID | None = None) -> None:
    """Begin the saga of an order that is marked `cancelling`; `refund_id` names a refund granted already."""
    state = CancelOrder(
        refund_id=refund_id or new_id(),
        order_id=order.order_id,
        checkout_id=order.checkout_id,
        payment_id=order.payment_id,
        amount=zero(order.total.currency),
        lines=(),
        benefits=bool(checkout.coupon_ids),
    )
    sagas.start(work, saga, order.order_id, state)
