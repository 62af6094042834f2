"""One confirmed order is cancelled: what is still owed to it goes back, its goods return to stock.

The decision was to mark the order `cancelling`, which happens before the saga begins. So its first step is
the pivot, and everything else goes on until it succeeds. It runs when no other saga holds the order.

Stock and benefits come back as soon as payments owes the money. When that has arrived is told by
PaymentRefunded, days later perhaps, and no saga waits for it.
"""

from dataclasses import replace
from datetime import timedelta

from orders.aftersale.model.process import CancellationProcess, unsent_pieces
from orders.aftersale.use_cases import cancellations
from orders.sagas.repayment import order_lock, refund_payment, restock
from orders.work import Work
from shared.contracts import marketing
from shared.contracts.orders import WakeSaga
from shared.sagas import Call, Local, Saga


def claim(work: Work, s: CancellationProcess) -> CancellationProcess:
    """Find out, now that no refund of the order is under way, what is left to give back."""
    refund = cancellations.claim(work, s.order_id, s.refund_id)
    if refund is None:
        return s
    return replace(s, amount=refund.amount, by_line=refund.by_line, lines=unsent_pieces(refund))


def close(work: Work, s: CancellationProcess) -> CancellationProcess:
    return replace(s, last=cancellations.close(work, s.order_id, s.refund_id))


def restore_benefits(s: CancellationProcess) -> marketing.RestoreBenefits | None:
    if not (s.benefits and s.last):
        return None
    return marketing.RestoreBenefits(checkout_id=s.checkout_id)


saga = Saga(
    "orders.cancel_order",
    CancellationProcess,
    [
        Local("claim", do=claim, pivot=True),
        Call("refund_payment", do=refund_payment, within=timedelta(minutes=1), skippable=False),
        Call("restock", do=restock),
        Local("close", do=close),
        Call("restore_benefits", do=restore_benefits),
    ],
    timer=WakeSaga,
    locks=order_lock,
    version=2,
)
