"""Asking money back and deciding on it. The saga `orders.refund` carries out what was decided."""

from collections.abc import Callable
from uuid import UUID

from orders.domain import refund as rules
from orders.domain.order import Order
from orders.domain.refund import Kind, Refund
from orders.domain.states import OrderState, RefundState
from orders.work import Work
from shared.contracts.orders import AfterSaleClosed, AfterSaleOpened, AfterSaleOutcome
from shared.errors import NotFound
from shared.ids import new_id

BeginRefund = Callable[[Work, Order, Refund], None]
BeginCancel = Callable[[Work, Order, Refund], None]


class UnknownRefund(NotFound):
    """There is no such refund."""

    code = "unknown_refund"


def ask(
    work: Work, order: Order, wanted: list[tuple[UUID, int]] | None, reason: str, begin: BeginRefund
) -> Refund:
    """Ask money back for pieces of an order (locked by the caller).

    Before the merchant accepted, it is granted at once; afterwards the merchant decides.
    Raises NotRefundable, NothingLeft, NotThatMany, UnknownLine.
    """
    refund = rules.claim(
        order,
        wanted,
        kind=Kind.REFUND,
        refund_id=new_id(),
        state=RefundState.REQUESTED,
        reason=reason,
        asked_at=work.now,
    )
    store(work, order, refund)
    if order.state is OrderState.CONFIRMED:
        _grant(work, order, refund, begin)
    return refund


def store(work: Work, order: Order, refund: Refund) -> None:
    """Keep a new refund with what it claims of the order, and say so."""
    work.orders.save_claims(order)
    work.refunds.add(refund)
    work.say(
        AfterSaleOpened(
            refund_id=refund.refund_id,
            order_id=order.order_id,
            shop_id=order.shop_id,
            buyer_id=order.buyer_id,
            amount=refund.amount,
        )
    )


def approve(work: Work, order: Order, refund: Refund, begin: BeginRefund) -> None:
    """The merchant grants it. A second time changes nothing. Raises WrongMove."""
    if refund.state is not RefundState.RUNNING:
        _grant(work, order, refund, begin)


def refuse(work: Work, order: Order, refund: Refund) -> None:
    """The merchant does not grant it: the pieces can be asked back again. Raises WrongMove."""
    if refund.move(RefundState.REFUSED):
        _close(work, order, refund, AfterSaleOutcome.REFUSED)


def settle(work: Work, order_id: UUID, refund_id: UUID) -> None:
    """The money went back: count it, and close the case. Once per refund."""
    order, refund = _locked(work, order_id, refund_id)
    if refund.move(RefundState.REFUNDED):
        order.refunded += refund.amount.amount
        order.version += 1
        work.orders.save(order, work.now)
        _decide(work, refund)
        _say_closed(work, order, refund, AfterSaleOutcome.REFUNDED)


def fail(work: Work, order_id: UUID, refund_id: UUID, reason: str) -> None:
    """The money could not go back: the case is closed as failed, the pieces can be asked back again."""
    order, refund = _locked(work, order_id, refund_id)
    if refund.move(RefundState.FAILED):
        refund.failure = reason
        _close(work, order, refund, AfterSaleOutcome.FAILED)


def _grant(work: Work, order: Order, refund: Refund, begin: BeginRefund) -> None:
    refund.move(RefundState.RUNNING)
    _decide(work, refund)
    begin(work, order, refund)


def _close(work: Work, order: Order, refund: Refund, outcome: AfterSaleOutcome) -> None:
    rules.give_back(order, refund)
    work.orders.save_claims(order)
    _decide(work, refund)
    _say_closed(work, order, refund, outcome)


def _decide(work: Work, refund: Refund) -> None:
    refund.decided_at = refund.decided_at or work.now
    work.refunds.save(refund)


def _say_closed(work: Work, order: Order, refund: Refund, outcome: AfterSaleOutcome) -> None:
    work.say(
        AfterSaleClosed(
            refund_id=refund.refund_id,
            order_id=order.order_id,
            shop_id=order.shop_id,
            buyer_id=order.buyer_id,
            amount=refund.amount,
            outcome=outcome,
        )
    )


def _locked(work: Work, order_id: UUID, refund_id: UUID) -> tuple[Order, Refund]:
    order, refund = work.orders.lock(order_id), work.refunds.get(refund_id)
    assert order
    assert refund
    return order, refund
