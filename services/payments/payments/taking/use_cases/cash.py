"""Cash on delivery: owed once the order is confirmed, taken at the door."""

from uuid import UUID

from payments.providers.front import Collection
from payments.taking.model import postings
from payments.taking.model.payment import Payment, State
from payments.taking.use_cases.replies import captured
from payments.work import Work
from shared.contracts.orders import OrderConfirmed, OrderDelivered


def order_confirmed(work: Work, event: OrderConfirmed) -> None:
    """From now on the order is owed at the door; a prepaid one owes nothing."""
    payment = work.payments.lock_of_order(event.order_id)
    if payment and book_receivable(work, payment, event.order_id):
        work.payments.save(payment)


def order_delivered(work: Work, event: OrderDelivered) -> None:
    """The carrier took what was still owed."""
    payment = work.payments.lock_of_order(event.order_id)
    if payment is None or not _at_the_door(payment):
        return
    book_receivable(work, payment, event.order_id)
    taken = payment.take_cash(event.order_id, event.delivered_at)
    work.payments.save(payment)
    if taken:
        work.ledger.post(postings.cash_taken(payment, event.order_id, taken))
        work.publish(captured(payment, taken, order_id=event.order_id, at=event.delivered_at))


def book_receivable(work: Work, payment: Payment, order_id: UUID) -> bool:
    """Book what an order owes at the door and say whether that was news; the caller saves the payment.

    Queues reorder: a delivery or a refund may be heard of before the confirmation that it implies.
    """
    owed = payment.book(order_id) if _at_the_door(payment) else None
    if owed:
        work.ledger.post(postings.booked(payment, order_id, owed))
    return bool(owed)


def give_up(work: Work, payment: Payment) -> None:
    """Nobody will come to the door: what is still owed is written off."""
    for part, amount in payment.write_off():
        work.ledger.post(postings.written_off(payment, part.order_id, amount))


def _at_the_door(payment: Payment) -> bool:
    return payment.collection is Collection.AT_DELIVERY and payment.state is State.OPEN
