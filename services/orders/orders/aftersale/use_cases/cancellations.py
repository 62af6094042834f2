"""Cancelling one confirmed order. The saga `orders.cancel_order` refunds the money and restocks the units."""

from uuid import UUID

from orders.aftersale.model import appraisal
from orders.aftersale.model import refund as rules
from orders.aftersale.model.process import CancellationProcess
from orders.aftersale.model.refund import Refund
from orders.aftersale.model.states import RefundReason, RefundState
from orders.aftersale.use_cases import amounts, refunds
from orders.fulfilment.front import (
    Actor,
    CancellationReason,
    Cause,
    Order,
    OrderPartlyShipped,
    OrderState,
    TransitionNotAllowed,
    publish_cancelled,
    save_step,
)
from orders.work import Work
from shared.ids import new_id


class PreparationStarted(TransitionNotAllowed):
    """The merchant has started to prepare the order; request a refund instead."""

    code = "preparation_started"


def by_shopper(work: Work, order: Order, text: str) -> None:
    """Cancel an order that the merchant has not accepted yet (rule 36).

    Raises PreparationStarted, TransitionNotAllowed.
    """
    if order.state is OrderState.PREPARING:
        raise PreparationStarted
    cancel(work, order, Cause(Actor.SHOPPER, CancellationReason.CANCELLED_BY_BUYER, text))


def by_shop(work: Work, order: Order, actor: Actor, text: str) -> None:
    """Cancel an order that the shop cannot deliver. Raises TransitionNotAllowed, OrderPartlyShipped."""
    cancel(work, order, Cause(actor, CancellationReason.REFUSED_BY_SHOP, text))


def cancel(work: Work, order: Order, cause: Cause) -> None:
    """Mark the order (locked by the caller) as cancelling, so that it cannot be shipped, and start the saga.

    Idempotent. Raises TransitionNotAllowed, OrderPartlyShipped.
    """
    if mark(work, order, cause):
        carry_out(work, order, new_id())


def cancel_confirmed(work: Work, checkout_id: UUID, reason: CancellationReason) -> None:
    """Cancel, on behalf of the shopper, all orders of a checkout that no shop has accepted yet."""
    confirmed = [each for each in work.orders.lock_checkout(checkout_id) if each.state is OrderState.CONFIRMED]
    for order in confirmed:
        mark(work, order, Cause(Actor.SHOPPER, reason))
    for order in confirmed:
        carry_out(work, order, new_id())


def carry_out(work: Work, order: Order, refund_id: UUID) -> None:
    """Start the saga of a marked order; `refund_id` is that of a granted refund, or a new id."""
    checkout = work.checkouts.get(order.checkout_id)
    assert checkout
    state = CancellationProcess.of(order, refund_id, benefits=bool(checkout.benefits))
    work.sagas.start("orders.cancel_order", order.order_id, state)


def mark(work: Work, order: Order, cause: Cause) -> bool:
    """Set the state to `cancelling`; False when the order is cancelling or cancelled already."""
    if order.state is OrderState.CANCELLED:
        return False
    if work.parcels.of_order(order.order_id):
        raise OrderPartlyShipped
    moved = order.move(OrderState.CANCELLING)
    if moved:
        order.reason, order.reason_text = cause.reason, cause.text
        save_step(work, order, cause.actor, note=cause.text)
    return moved


def claim(work: Work, order_id: UUID, refund_id: UUID) -> Refund | None:
    """The refund of a cancelled order: all that is left of it, with shipping; None if nothing is left.

    Open refund requests are refused. A refund that was granted under this id is extended by the rest.
    """
    order = refunds.locked(work, order_id)
    for earlier in work.refunds.of_order(order_id):
        if earlier.state is RefundState.REQUESTED:
            refunds.refuse(work, order, earlier)
    granted = work.refunds.get(refund_id)
    return _extended(work, order, granted) if granted else _claim_rest(work, order, refund_id)


def _extended(work: Work, order: Order, granted: Refund) -> Refund:
    rules.extend_to_rest(order, granted, refunds.unsent(work, order))
    granted.why = appraisal.explain(order, granted)
    amounts.read(work, order, granted).spread(granted)
    work.orders.save_claims(order, work.now)
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
        reason=RefundReason.ORDER_CANCELLED,
        reason_text=order.reason_text,
        requested_at=work.now,
        decided_at=work.now,
    )
    refund.why = appraisal.explain(order, refund)
    amounts.read(work, order, refund).spread(refund)
    refunds.store(work, order, refund)
    return refund


def close(work: Work, order_id: UUID, refund_id: UUID) -> bool:
    """Mark the order as cancelled, its refund being accepted; return whether its whole checkout is cancelled."""
    known = work.orders.get(order_id)
    assert known
    work.orders.lock_checkout(known.checkout_id)
    if work.refunds.get(refund_id):
        refunds.finish(work, refund_id)
    orders = work.orders.lock_checkout(known.checkout_id)
    for order in orders:
        if order.order_id == order_id and order.move(OrderState.CANCELLED):
            save_step(work, order, Actor.SYSTEM)
            publish_cancelled(work, order)
    return all(order.state is OrderState.CANCELLED for order in orders)
