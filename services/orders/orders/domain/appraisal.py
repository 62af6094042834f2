"""What an approval of a refund pays, computed in one place: so that it is shown, returned and paid alike."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from orders.domain.order import Order
from orders.domain.refund import Kind, Refund
from shared.money import total


def appraise(order: Order, refund: Refund, others: Iterable[Refund], *, shipped: bool) -> None:
    """Set what `refund` pays if it is granted now, beside the order's `others`.

    Its pieces have their own money. If nothing of the order stays, and nothing was `shipped`, granting it
    cancels the order, and the shipping fee goes back too. Only pieces whose refund was granted are gone: a
    request that waits may be refused.
    """
    cancels = not shipped and not staying(order, refund, others)
    refund.kind = Kind.CANCELLATION if cancels else Kind.REFUND
    refund.shipping = order.shipping if cancels else order.none
    refund.amount = total((line.amount for line in refund.lines), order.total.currency) + refund.shipping


def staying(order: Order, refund: Refund, others: Iterable[Refund]) -> dict[UUID, int]:
    """The pieces by line that the shopper keeps if `refund` is granted as well."""
    granted = [other for other in others if other.takes_its_pieces and other.refund_id != refund.refund_id]
    gone = Counter[UUID]()
    for line in (line for each in [*granted, refund] for line in each.lines):
        gone[line.line_id] += line.quantity
    kept = {line.line_id: line.quantity - gone[line.line_id] for line in order.lines}
    return {line_id: pieces for line_id, pieces in kept.items() if pieces}
