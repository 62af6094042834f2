"""A shopper cancels what was ordered at once."""

from uuid import UUID

from orders.aftersale.front import cancel_confirmed
from orders.fulfilment.front import CancellationReason
from orders.work import Work


def cancel(work: Work, checkout_id: UUID) -> None:
    """Undo a checkout as long as its money is not there; afterwards cancel its orders one by one."""
    reason = CancellationReason.CANCELLED_BY_BUYER
    if not work.sagas.cancel("orders.checkout", checkout_id, reason):
        cancel_confirmed(work, checkout_id, reason)
