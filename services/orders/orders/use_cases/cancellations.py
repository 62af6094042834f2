"""Cancelling one confirmed order. The saga `orders.cancel_order` sends the money and the goods back."""

from collections.abc import Callable
from uuid import UUID

from orders.domain import appraisal
from orders.domain import refund as rules
from orders.domain.checkout import Checkout
from orders.domain.order import Order, PartlyShipped
from orders.domain.refund import Refund
from orders.domain.states import OrderState, RefundState, WrongMove
from orders.use_cases import refunds
from orders.use_cases.handling import keep
from orders.work import Work
from shared.contracts.orders import OrderCancelled

Begin = Callable[[Work, Order, Checkout, UUID | None], None]
ON_REQUEST = "cancelled_on_request"


class AlreadyPreparing(WrongMove):
    """The merchant prepares the goods already; ask for a refund instead."""

    code = "already_preparing"


def by_shopper(work: Work, order: Order, reason: str, begin: Begin) -> None:
    """Cancel freely, as long as the merchant has not accepted (rule 36). Raises AlreadyPreparing, WrongMove."""
    if order.state is OrderState.PREPARING:
        raise AlreadyPreparing
    cancel(work, order, reason, "shopper", begin)


def cancel(work: Work, order: Order, reason: str, actor: str, begin: Begin) -> None:
    """Mark the order (locked by the caller) as cancelling, so that it cannot be shipped, and begin the saga.

    A second time changes nothing. Raises WrongMove, PartlyShipped.
    """
    if mark(work, order, reason, actor):
        carry_out(work, order, None, begin)


def carry_out(work: Work, order: Order, refund_id: UUID | None, begin: Begin) -> None:
    """Begin the saga of a marked order; `refund_id` names a refund that was granted already."""
    checkout = work.checkouts.get(order.checkout_id)
    assert checkout
    begin(work, order, checkout, refund_id)


def mark(work: Work, order: Order, reason: str, actor: str) -> bool:
    """From now on the order is cancelling; False when it is, or is cancelled, already."""
    if order.state is OrderState.CANCELLED:
        return False
    if work.parcels.of_order(order.order_id):
        raise PartlyShipped
    moved = order.move(OrderState.CANCELLING)
    if moved:
        order.reason = reason
        keep(work, order, actor, note=reason)
    return moved


def claim(work: Work, order_id: UUID, refund_id: UUID) -> Refund | None:
    """What goes back for a cancelled order: all that is left of it, shipping included; None for nothing.

    Open wishes for parts are superseded. A refund that was granted under this id takes the rest as well.
    """
    order = refunds.locked(work, order_id)
    for earlier in work.refunds.of_order(order_id):
        if earlier.state is RefundState.REQUESTED:
            refunds.refuse(work, order, earlier)
    granted = work.refunds.get(refund_id)
    return _enlarged(work, order, granted) if granted else _claim_rest(work, order, refund_id)


def _enlarged(work: Work, order: Order, granted: Refund) -> Refund:
    rules.take_the_rest(order, granted, refunds.unsent(work, order))
    granted.why = appraisal.explain(order, granted)
    work.orders.save_claims(order)
    work.refunds.save(granted)
    return granted


def _claim_rest(work: Work, order: Order, refund_id: UUID) -> Refund | None:
    if order.all_claimed and not order.shipping:
        return None
    refund = rules.claim_rest(
        order,
        unsent=refunds.unsent(work, order),
        refund_id=refund_id,
        state=RefundState.RUNNING,
        reason=order.reason or "cancelled",
        asked_at=work.now,
        decided_at=work.now,
    )
    refund.why = appraisal.explain(order, refund)
    refunds.store(work, order, refund)
    return refund


def close(work: Work, order_id: UUID, refund_id: UUID) -> bool:
    """The order is cancelled, and payments owes its money; tell whether it was the last of its checkout."""
    known = work.orders.get(order_id)
    assert known
    work.orders.lock_checkout(known.checkout_id)
    if work.refunds.get(refund_id):
        refunds.settle_goods(work, refund_id)
    orders = work.orders.lock_checkout(known.checkout_id)
    for order in orders:
        if order.order_id == order_id and order.move(OrderState.CANCELLED):
            keep(work, order, "system")
            say_cancelled(work, order, ON_REQUEST)
    return all(order.state is OrderState.CANCELLED for order in orders)


def say_cancelled(work: Work, order: Order, reason: str) -> None:
    """Tell everybody; `reason` is a stable code. What somebody typed (`order.reason`) stays in here."""
    work.say(
        OrderCancelled(
            order_id=order.order_id,
            checkout_id=order.checkout_id,
            shop_id=order.shop_id,
            buyer_id=order.buyer_id,
            reason=reason,
            version=order.version,
        )
    )
