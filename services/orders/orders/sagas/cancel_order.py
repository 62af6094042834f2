"""Cancels one confirmed order: refunds what was paid for it and restocks its units.

The order is marked `cancelling` before the saga starts. So its first step is the pivot, and the other steps are
retried until they succeed. It runs when no other saga holds the order's lock.

Stock and benefits are returned as soon as payments has accepted the refund. PaymentRefunded reports its payment,
perhaps days later; no saga waits for it.
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
    """Claim what is left to refund; under the order's lock, no other refund of it is running."""
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
