"""Cancellation of a whole checkout by the shopper."""

from uuid import UUID

from orders.aftersale.front import cancel_confirmed
from orders.fulfilment.front import CancellationReason
from orders.work import Work


def cancel(work: Work, checkout_id: UUID) -> None:
    """Undo a checkout that is not paid yet; of a paid one, cancel the confirmed orders one by one."""
    reason = CancellationReason.CANCELLED_BY_BUYER
    if not work.sagas.cancel("orders.checkout", checkout_id, reason):
        cancel_confirmed(work, checkout_id, reason)
