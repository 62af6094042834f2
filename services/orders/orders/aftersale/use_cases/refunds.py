"""The life of a refund: kept, refused, begun, arrived, failed. How it begins is in `requests`."""

from uuid import UUID

from orders import messages, notices
from orders.aftersale.model import refund as rules
from orders.aftersale.model import spreading
from orders.aftersale.model.refund import ItemsNotShipped, Refund
from orders.aftersale.model.states import RefundFailure, RefundState
from orders.aftersale.use_cases import amounts
from orders.fulfilment.front import SENT, Order, PiecesRefunded, facts, left_to_send
from orders.work import Work
from shared.contracts.orders import AfterSaleClosed, AfterSaleOpened, AfterSaleOutcome
from shared.contracts.payments import PaymentRefunded


def store(work: Work, order: Order, refund: Refund) -> None:
    """Keep a new refund with what it claims of the order, and say so."""
    work.orders.save_claims(order, work.now)
    work.refunds.add(refund)
    work.publish(
        AfterSaleOpened(
            refund_id=refund.refund_id,
            order_id=order.order_id,
            shop_id=order.shop_id,
            buyer_id=order.buyer_id,
            amount=refund.amount,
        )
    )


def unsent(work: Work, order: Order) -> dict[UUID, int]:
    """The pieces of an order by line that are still in the shop, and that nobody wants his money for."""
    parcels, kept_back = work.parcels.of_order(order.order_id), work.refunds.kept_back(order.order_id)
    return left_to_send(order, parcels, kept_back)


def refuse(work: Work, order: Order, refund: Refund) -> None:
    """The merchant does not grant it: the pieces can be asked back again. A second time changes nothing.

    Raises TransitionNotAllowed, ItemsNotShipped.
    """
    if refund.state is RefundState.REFUSED:
        return
    if order.state in SENT and any(line.unsent for line in refund.lines):
        raise ItemsNotShipped
    refund.move(RefundState.REFUSED)
    _close(work, order, refund, AfterSaleOutcome.REFUSED)


def begin(work: Work, refund_id: UUID) -> None:
    """The money is being sent back."""
    _, refund = _both(work, refund_id)
    if refund.move(RefundState.RUNNING):
        decide(work, refund)


def settle_goods(work: Work, refund_id: UUID) -> None:
    """Payments owes the money, and what returns to stock is there: fulfilment decides what becomes of the rest.

    Where nothing was paid there is no money to wait for, and the case is closed here.
    """
    order, refund = _both(work, refund_id)
    if not refund.amount:
        _refunded(work, order, refund)
    set_aside = work.refunds.kept_back(order.order_id)
    notices.publish(work, PiecesRefunded(order=order, set_aside=set_aside))


def money_arrived(work: Work, event: PaymentRefunded) -> None:
    """The money of a refund has arrived: count it, and close the case, once per refund.

    A refund that orders never asked for changes nothing here; the auditor finds it.
    """
    if work.refunds.get(event.refund_id):
        _refunded(work, *_both(work, event.refund_id))


def _refunded(work: Work, order: Order, refund: Refund) -> None:
    if refund.move(RefundState.REFUNDED):
        spreading.count(order, refund)
        order.version += 1
        work.orders.save_claims(order, work.now)
        decide(work, refund)
        _publish_closed(work, order, refund, AfterSaleOutcome.REFUNDED)
        if refund.amount:
            messages.refunded(work, order, refund.refund_id, refund.amount)


def fail(work: Work, refund_id: UUID, failure: RefundFailure) -> None:
    """Payments refused it: the case is closed as failed, the pieces can be asked back again."""
    order, refund = _both(work, refund_id)
    if refund.move(RefundState.FAILED):
        refund.failure = failure
        _close(work, order, refund, AfterSaleOutcome.FAILED)
        amounts.of_requests(work, amounts.read(work, order, refund))


def decide(work: Work, refund: Refund) -> None:
    """Store where the refund stands, and when it was first decided on."""
    refund.decided_at = refund.decided_at or work.now
    work.refunds.save(refund)


def _close(work: Work, order: Order, refund: Refund, outcome: AfterSaleOutcome) -> None:
    rules.give_back(order, refund)
    work.orders.save_claims(order, work.now)
    decide(work, refund)
    _publish_closed(work, order, refund, outcome)


def _publish_closed(work: Work, order: Order, refund: Refund, outcome: AfterSaleOutcome) -> None:
    work.publish(
        AfterSaleClosed(refund_id=refund.refund_id, amount=refund.amount, outcome=outcome, **facts(order))
    )


def locked(work: Work, order_id: UUID) -> Order:
    """An order that is known to be there, locked."""
    order = work.orders.lock(order_id)
    assert order
    return order


def _both(work: Work, refund_id: UUID) -> tuple[Order, Refund]:
    """A refund as it stands under the lock of its order, and that order."""
    known = work.refunds.get(refund_id)
    assert known
    order, refund = locked(work, known.order_id), work.refunds.get(refund_id)
    assert refund
    return order, refund
