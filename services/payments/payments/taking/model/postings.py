"""The postings of captures, cash on delivery and unidentified money."""

from uuid import UUID

from payments.ledger.front import (
    CASH,
    RECEIVABLE,
    UNAPPLIED_RECEIPTS,
    UNIDENTIFIED_RECEIPTS,
    UNIDENTIFIED_REFUNDS,
    Account,
    Entry,
    Posting,
    PostingKind,
    merchant_payable,
    provider_clearing,
    transfer,
)
from payments.taking.model.payment import Payment
from payments.taking.model.unidentified import Kind, Unidentified
from shared.money import Money

UNIDENTIFIED = {Kind.RECEIPT: UNIDENTIFIED_RECEIPTS, Kind.REFUND: UNIDENTIFIED_REFUNDS}


def payable(payment: Payment, order_id: UUID) -> Account:
    """The account of what is payable to the merchant of an order."""
    return merchant_payable(payment.part(order_id).shop_id)


def kept(capture_id: UUID, payment: Payment) -> Posting:
    """A kept capture: the provider has the money, each merchant's part is payable to the merchant."""
    parts = (Entry(payable(payment, p.order_id), -p.captured, p.order_id) for p in payment.parts if p.captured)
    entries = (Entry(provider_clearing(payment.provider), payment.amount), *parts)
    return Posting(PostingKind.CAPTURED, capture_id, payment.payment_id, entries)


def returned(capture_id: UUID, payment: Payment, amount: Money) -> Posting:
    """A returned capture: the provider has money that pays no checkout."""
    kind, debit = PostingKind.UNAPPLIED_CAPTURED, provider_clearing(payment.provider)
    return transfer(kind, capture_id, payment.payment_id, debit=debit, credit=UNAPPLIED_RECEIPTS, amount=amount)


def booked(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """A confirmed order is receivable on delivery."""
    merchant = payable(payment, order_id)
    return _of_order(
        PostingKind.RECEIVABLE_BOOKED, payment, order_id, debit=RECEIVABLE, credit=merchant, amount=amount
    )


def cash_taken(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """The carrier has collected the cash."""
    return _of_order(PostingKind.CASH_TAKEN, payment, order_id, debit=CASH, credit=RECEIVABLE, amount=amount)


def written_off(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """The receivable of an order is written off, since the payment is cancelled."""
    merchant = payable(payment, order_id)
    return _of_order(PostingKind.WRITTEN_OFF, payment, order_id, debit=merchant, credit=RECEIVABLE, amount=amount)


def unidentified(found: Unidentified) -> Posting:
    """Money moved at the provider that no payment or refund explains."""
    return _of_unidentified(PostingKind.UNIDENTIFIED_BOOKED, found, provider_clearing(found.provider))


def receipt_matched(receipt: Unidentified) -> Posting:
    """An unidentified receipt was sent back by an unidentified refund."""
    kind, about = PostingKind.UNIDENTIFIED_MATCHED, receipt.unidentified_id
    debit, credit = UNIDENTIFIED_RECEIPTS, UNIDENTIFIED_REFUNDS
    return transfer(kind, about, None, debit=debit, credit=credit, amount=receipt.amount)


def assigned(found: Unidentified) -> Posting:
    """A receipt is identified: reversed here, and posted as a capture in the same transaction."""
    return _of_unidentified(PostingKind.UNIDENTIFIED_ASSIGNED, found, provider_clearing(found.provider), back=True)


def sent_back(found: Unidentified, moved_on: Account) -> Posting:
    """A receipt was sent back, or a refund was recovered or written off."""
    return _of_unidentified(PostingKind.UNIDENTIFIED_RETURNED, found, moved_on, back=True)


def _of_order(
    kind: PostingKind, payment: Payment, order_id: UUID, *, debit: Account, credit: Account, amount: Money
) -> Posting:
    accounts = {"debit": debit, "credit": credit}
    return transfer(kind, order_id, payment.payment_id, **accounts, amount=amount, order_id=order_id)


def _of_unidentified(kind: PostingKind, found: Unidentified, against: Account, *, back: bool = False) -> Posting:
    came_in = found.kind is Kind.RECEIPT
    amount = found.amount if came_in != back else -found.amount
    credit = UNIDENTIFIED[found.kind]
    return transfer(kind, found.unidentified_id, None, debit=against, credit=credit, amount=amount)
