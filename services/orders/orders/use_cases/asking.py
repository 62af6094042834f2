"""Asking money back, and granting it. Before the merchant accepted it is granted at once."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from orders.domain import refund as rules
from orders.domain.order import Order
from orders.domain.refund import Kind, Refund
from orders.domain.states import OrderState, RefundState
from orders.schemas import AskRefund
from orders.use_cases import amounts, cancellations, refunds
from orders.work import Work
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Sagas:
    """How a granted refund is carried out: as a refund, or, when nothing is left, as a cancellation."""

    refund: Callable[[Work, Refund, Order], None]
    cancel: cancellations.Begin


def ask(work: Work, order: Order, request: AskRefund, begin: Sagas) -> Refund:
    """Ask money back for pieces of an order, which is locked by the caller.

    Raises NotRefundable, NothingLeft, NotThatMany, UnknownLine, AmountChanged.
    """
    refund = preview(work, order, request.wanted(), request.reason)
    refund.check_amount(request.amount)
    refunds.store(work, order, refund)
    if order.state is OrderState.CONFIRMED:
        grant(work, order, refund, "system", begin, expected=request.amount)
    return refund


def preview(work: Work, order: Order, wanted: list[tuple[UUID, int]] | None, reason: str = "") -> Refund:
    """What a request for these pieces, None for all that is left, would pay if it were granted now.

    Claims them of `order`, and stores nothing. Raises NotRefundable, NothingLeft, NotThatMany, UnknownLine.
    """
    rules.check_refundable(order)
    refund = rules.claim(
        order,
        wanted,
        unsent=refunds.unsent(work, order),
        refund_id=new_id(),
        state=RefundState.REQUESTED,
        reason=reason,
        asked_at=work.now,
    )
    amounts.of(work, order, refund)
    return refund


def grant(
    work: Work, order: Order, refund: Refund, actor: str, begin: Sagas, *, expected: int | None = None
) -> None:
    """The money goes back, of `expected` minor units if that is given. A second time changes nothing.

    Raises WrongMove, NotRefundable, AmountChanged.
    """
    if refund.was_granted:
        refund.check_amount(expected)
        return
    rules.check_grantable(order)
    amounts.of(work, order, refund)
    refund.check_amount(expected)  # what was stored may have been appraised by other rules
    refund.move(RefundState.RUNNING)
    rules.withhold(order, refund)
    work.orders.save_claims(order)
    refunds.decide(work, refund)
    amounts.of_requests(work, order)
    if refund.kind is not Kind.CANCELLATION:
        begin.refund(work, refund, order)
    elif cancellations.mark(work, order, refund.reason, actor):
        cancellations.carry_out(work, order, refund.refund_id, begin.cancel)
