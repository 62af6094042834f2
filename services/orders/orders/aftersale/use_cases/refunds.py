"""State changes of stored refunds: refused, running, refunded, failed. `requests` has requesting and granting."""

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
    """Store a new refund and its claims on the order, and publish AfterSaleOpened."""
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
    """The quantity of an order by line that is not shipped, and for which no refund was requested or granted."""
    parcels, kept_back = work.parcels.of_order(order.order_id), work.refunds.kept_back(order.order_id)
    return left_to_send(order, parcels, kept_back)


def refuse(work: Work, order: Order, refund: Refund) -> None:
    """Refuse a refund; its units can be requested again. Idempotent.

    Raises TransitionNotAllowed, ItemsNotShipped.
    """
    if refund.state is RefundState.REFUSED:
        return
    if order.state in SENT and any(line.unsent for line in refund.lines):
        raise ItemsNotShipped
    refund.move(RefundState.REFUSED)
    _close(work, order, refund, AfterSaleOutcome.REFUSED)


def begin(work: Work, refund_id: UUID) -> None:
    """Set the refund's state to `running`."""
    _, refund = _order_and_refund(work, refund_id)
    if refund.move(RefundState.RUNNING):
        decide(work, refund)


def finish(work: Work, refund_id: UUID) -> None:
    """Finish a refund that payments has accepted and whose units are restocked: publish PiecesRefunded.

    A refund of zero has no payment to wait for and is closed here.
    """
    order, refund = _order_and_refund(work, refund_id)
    if not refund.amount:
        _refunded(work, order, refund)
    kept_back = work.refunds.kept_back(order.order_id)
    notices.publish(work, PiecesRefunded(order=order, kept_back=kept_back))


def payment_refunded(work: Work, event: PaymentRefunded) -> None:
    """Count a paid refund and close its case, once per refund.

    A refund that is unknown to orders changes nothing here; the auditor reports it.
    """
    if work.refunds.get(event.refund_id):
        _refunded(work, *_order_and_refund(work, event.refund_id))


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
    """Close a case that payments refused as failed; its units can be requested again."""
    order, refund = _order_and_refund(work, refund_id)
    if refund.move(RefundState.FAILED):
        refund.failure = failure
        _close(work, order, refund, AfterSaleOutcome.FAILED)
        amounts.of_requests(work, amounts.read(work, order, refund))


def decide(work: Work, refund: Refund) -> None:
    """Store the refund, and when it was first decided on."""
    refund.decided_at = refund.decided_at or work.now
    work.refunds.save(refund)


def _close(work: Work, order: Order, refund: Refund, outcome: AfterSaleOutcome) -> None:
    rules.release_claim(order, refund)
    work.orders.save_claims(order, work.now)
    decide(work, refund)
    _publish_closed(work, order, refund, outcome)


def _publish_closed(work: Work, order: Order, refund: Refund, outcome: AfterSaleOutcome) -> None:
    work.publish(
        AfterSaleClosed(refund_id=refund.refund_id, amount=refund.amount, outcome=outcome, **facts(order))
    )


def locked(work: Work, order_id: UUID) -> Order:
    """An order that exists, locked."""
    order = work.orders.lock(order_id)
    assert order
    return order


def _order_and_refund(work: Work, refund_id: UUID) -> tuple[Order, Refund]:
    """A refund, read under the lock of its order, and that order."""
    known = work.refunds.get(refund_id)
    assert known
    order, refund = locked(work, known.order_id), work.refunds.get(refund_id)
    assert refund
    return order, refund
