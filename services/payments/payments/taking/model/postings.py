"""The postings of money that comes in, of cash at the door, and of money that nothing explains."""

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
    """What we owe the merchant of an order."""
    return merchant_payable(payment.part(order_id).shop_id)


def kept(capture_id: UUID, payment: Payment) -> Posting:
    """The provider holds the money; each merchant is owed the share of his order."""
    owed = (Entry(payable(payment, p.order_id), -p.captured, p.order_id) for p in payment.parts if p.captured)
    entries = (Entry(provider_clearing(payment.provider), payment.amount), *owed)
    return Posting(PostingKind.CAPTURED, capture_id, payment.payment_id, entries)


def returned(capture_id: UUID, payment: Payment, amount: Money) -> Posting:
    """The provider holds money that pays no checkout."""
    kind, debit = PostingKind.UNAPPLIED_CAPTURED, provider_clearing(payment.provider)
    return transfer(kind, capture_id, payment.payment_id, debit=debit, credit=UNAPPLIED_RECEIPTS, amount=amount)


def booked(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """A confirmed order is owed at the door."""
    owed = payable(payment, order_id)
    return _of_order(
        PostingKind.RECEIVABLE_BOOKED, payment, order_id, debit=RECEIVABLE, credit=owed, amount=amount
    )


def cash_taken(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """The carrier has the cash."""
    return _of_order(PostingKind.CASH_TAKEN, payment, order_id, debit=CASH, credit=RECEIVABLE, amount=amount)


def written_off(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """What was owed at the door is given up with the whole payment."""
    owed = payable(payment, order_id)
    return _of_order(PostingKind.WRITTEN_OFF, payment, order_id, debit=owed, credit=RECEIVABLE, amount=amount)


def unidentified(found: Unidentified) -> Posting:
    """Money moved at the provider that nothing of ours explains."""
    return _of_unidentified(PostingKind.UNIDENTIFIED_BOOKED, found, provider_clearing(found.provider))


def receipt_matched(receipt: Unidentified) -> Posting:
    """A receipt that nothing explains went back by a refund that nothing explained."""
    kind, about = PostingKind.UNIDENTIFIED_MATCHED, receipt.unidentified_id
    debit, credit = UNIDENTIFIED_RECEIPTS, UNIDENTIFIED_REFUNDS
    return transfer(kind, about, None, debit=debit, credit=credit, amount=receipt.amount)


def assigned(found: Unidentified) -> Posting:
    """A receipt is explained: taken back here, and booked as what it is in the same transaction."""
    return _of_unidentified(PostingKind.UNIDENTIFIED_ASSIGNED, found, provider_clearing(found.provider), back=True)


def sent_back(found: Unidentified, moved_on: Account) -> Posting:
    """A person sent a receipt back, or saw to it that a refund came back, or gave that up."""
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
