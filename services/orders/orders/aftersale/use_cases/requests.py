"""Requesting and granting refunds. Until the merchant has accepted the order, a request is granted at once."""

from uuid import UUID

from orders.aftersale.model import refund as rules
from orders.aftersale.model.process import RefundProcess
from orders.aftersale.model.refund import Kind, Refund
from orders.aftersale.model.states import RefundReason, RefundState
from orders.aftersale.use_cases import amounts, cancellations, refunds
from orders.fulfilment.front import Actor, CancellationReason, Cause, Order, OrderState
from orders.work import Work
from shared.contracts.orders.requests import RequestRefund
from shared.ids import new_id


def request(work: Work, order: Order, requested: RequestRefund) -> Refund:
    """Request a refund for units of an order, which is locked by the caller.

    Raises OrderNotRefundable, OrderFullyRefunded, RefundQuantityExceeded, OrderLineNotFound, AmountChanged.
    """
    refund = preview(work, order, requested.pieces(), requested.reason_text)
    refund.check_amount(requested.amount)
    refunds.store(work, order, refund)
    if order.state is OrderState.CONFIRMED:
        grant(work, order, refund, Actor.SYSTEM, expected=requested.amount)
    return refund


def preview(work: Work, order: Order, wanted: list[tuple[UUID, int]] | None, text: str = "") -> Refund:
    """The refund that a request for these units (None: for all that are left) would make if it were granted now.

    Claims them on `order` without storing anything. Raises OrderNotRefundable, OrderFullyRefunded,
    RefundQuantityExceeded, OrderLineNotFound.
    """
    rules.check_refundable(order)
    refund = rules.claim(
        order,
        wanted,
        unsent=refunds.unsent(work, order),
        refund_id=new_id(),
        state=RefundState.REQUESTED,
        reason=RefundReason.REQUESTED_BY_BUYER,
        reason_text=text,
        requested_at=work.now,
    )
    amounts.read(work, order).appraise(refund)
    return refund


def grant(work: Work, order: Order, refund: Refund, actor: Actor, *, expected: int | None = None) -> None:
    """Grant the refund, of `expected` minor units if given. Idempotent.

    Raises TransitionNotAllowed, OrderNotRefundable, AmountChanged.
    """
    if refund.was_granted:
        refund.check_amount(expected)
        return
    rules.check_grantable(order, refund)
    situation = amounts.read(work, order, refund)
    situation.appraise(refund)
    refund.check_amount(expected)  # what was stored may have been appraised by older rules
    refund.move(RefundState.RUNNING)
    situation.spread(refund)
    rules.withhold(order, refund)
    work.orders.save_claims(order, work.now)
    refunds.decide(work, refund)
    amounts.of_requests(work, situation)
    if refund.kind is not Kind.CANCELLATION:
        work.sagas.start("orders.refund", refund.refund_id, RefundProcess.of(refund, order))
    elif cancellations.mark(work, order, Cause(actor, CancellationReason.REFUND_GRANTED, refund.reason_text)):
        cancellations.carry_out(work, order, refund.refund_id)
