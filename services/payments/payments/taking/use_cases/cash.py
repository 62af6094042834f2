"""Cash on delivery: receivable once the order is confirmed, collected on delivery."""

from collections.abc import Sequence
from uuid import UUID

from payments.providers.front import Collection
from payments.taking.model import postings
from payments.taking.model.payment import Payment, State
from payments.taking.use_cases.replies import captured, publish
from payments.work import Work
from shared.contracts.orders import OrderConfirmed, OrderDelivered


def lock_in_advance(work: Work, events: Sequence[OrderConfirmed]) -> None:
    """Lock and read at once the payments of several orders that may be due on delivery."""
    due = {event.order_id for event in events if work.providers.may_collect_at_delivery(event.payment_method)}
    if due:
        work.payments.lock_orders_in_advance(due)


def order_confirmed(work: Work, event: OrderConfirmed) -> None:
    """Book the receivable of an order with cash on delivery."""
    if not work.providers.may_collect_at_delivery(event.payment_method):
        return
    payment = work.payments.lock_of_order(event.order_id)
    if payment and book_receivable(work, payment, event.order_id):
        work.payments.save(payment)


def order_delivered(work: Work, event: OrderDelivered) -> None:
    """Record that the carrier collected what was receivable."""
    payment = work.payments.lock_of_order(event.order_id)
    if payment is None or not _is_due_on_delivery(payment):
        return
    book_receivable(work, payment, event.order_id)
    taken = payment.take_cash(event.order_id, event.delivered_at)
    work.payments.save(payment)
    if taken:
        work.ledger.post(postings.cash_taken(payment, event.order_id, taken))
        publish(work, payment, captured(payment, taken, order_id=event.order_id, at=event.delivered_at))


def book_receivable(work: Work, payment: Payment, order_id: UUID) -> bool:
    """Book the receivable of an order; returns whether it was new. The caller saves the payment.

    Queues reorder: a delivery or a refund may be handled before the confirmation that it implies.
    """
    receivable = payment.book(order_id) if _is_due_on_delivery(payment) else None
    if receivable:
        work.ledger.post(postings.booked(payment, order_id, receivable))
    return bool(receivable)


def write_off(work: Work, payment: Payment) -> None:
    """Write off what is still receivable."""
    for part, amount in payment.write_off():
        work.ledger.post(postings.written_off(payment, part.order_id, amount))


def _is_due_on_delivery(payment: Payment) -> bool:
    return payment.collection is Collection.AT_DELIVERY and payment.state is State.OPEN
