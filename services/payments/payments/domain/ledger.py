"""The books: a chart of accounts, and the postings that tell in double entry what happened to money.

A debit is positive, a credit negative. Assets grow by debits, liabilities by credits.
`docs/payments.md` explains each posting.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from payments.domain.payment import Payment, Tender
from payments.domain.refunds import Refund
from payments.domain.settlements import PaidFrom
from payments.domain.unidentified import Kind, Unidentified
from shared.money import Money


class Chart(StrEnum):
    """The chart of accounts."""

    AT_WECHAT = "at_wechat"  # asset: money in our account at the provider
    CASH_WITH_CARRIERS = "cash_with_carriers"  # asset: taken at the door, not handed in yet
    RECEIVABLE = "receivable"  # asset: buyers owe it at the door
    MERCHANT_PAYABLE = "merchant_payable"  # liability, one per shop: what we owe the merchant
    BANK = "bank"  # asset: our account at the bank, as far as payments moves money on it
    REFUNDS_IN_TRANSIT = "refunds_in_transit"  # liability: promised back, not yet arrived
    STRAY_MONEY = "stray_money"  # liability: came late, twice or wrong, is nobody's sale
    UNIDENTIFIED_RECEIPTS = "unidentified_receipts"  # liability: money came in that no payment explains
    UNIDENTIFIED_REFUNDS = "unidentified_refunds"  # asset: money went out that no refund explains
    LOSSES = "losses"  # expense: what the platform bears itself


class Unbalanced(ValueError):
    """The entries of a posting do not add up to zero in every currency."""


@dataclass(frozen=True)
class Account:
    """An account of the chart; what we owe is kept apart by shop."""

    code: Chart
    shop_id: UUID | None = None

    @property
    def name(self) -> str:
        return f"{self.code}:{self.shop_id}" if self.shop_id else str(self.code)


@dataclass(frozen=True)
class Entry:
    """One line of a posting."""

    account: Account
    amount: Money
    order_id: UUID | None = None


@dataclass(frozen=True)
class Posting:
    """Something that happened to money, once per `kind` and `about`; not always to that of a payment."""

    kind: str
    about: UUID
    payment_id: UUID | None
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        sums: Counter[str] = Counter()
        for entry in self.entries:
            sums[entry.amount.currency] += entry.amount.amount
        if any(sums.values()):
            raise Unbalanced(f"{self.kind} {self.about}: {dict(sums)}")


def payable(payment: Payment, order_id: UUID) -> Account:
    """What we owe the merchant of an order."""
    return Account(Chart.MERCHANT_PAYABLE, payment.part(order_id).shop_id)


AT_WECHAT, CASH, RECEIVABLE, BANK, IN_TRANSIT, STRAY = (
    Account(Chart.AT_WECHAT),
    Account(Chart.CASH_WITH_CARRIERS),
    Account(Chart.RECEIVABLE),
    Account(Chart.BANK),
    Account(Chart.REFUNDS_IN_TRANSIT),
    Account(Chart.STRAY_MONEY),
)
UNIDENTIFIED = {
    Kind.RECEIPT: Account(Chart.UNIDENTIFIED_RECEIPTS),
    Kind.REFUND: Account(Chart.UNIDENTIFIED_REFUNDS),
}
MOVED_BY_HAND = {
    PaidFrom.BANK: BANK,
    PaidFrom.PROVIDER: AT_WECHAT,
    PaidFrom.WRITTEN_OFF: Account(Chart.LOSSES),
}
PAID_BY = {Tender.PROVIDER: IN_TRANSIT, Tender.CASH: CASH, Tender.RECEIVABLE: RECEIVABLE}


def kept(capture_id: UUID, payment: Payment) -> Posting:
    """The provider holds the money; each merchant is owed the share of his order."""
    owed = (Entry(payable(payment, p.order_id), -p.captured, p.order_id) for p in payment.parts if p.captured)
    entries = (Entry(AT_WECHAT, payment.amount), *owed)
    return Posting("captured", capture_id, payment.payment_id, entries)


def returned(capture_id: UUID, payment: Payment, amount: Money) -> Posting:
    """The provider holds money that is nobody's sale."""
    entries = (Entry(AT_WECHAT, amount), Entry(STRAY, -amount))
    return Posting("stray_captured", capture_id, payment.payment_id, entries)


def booked(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """A confirmed order is owed at the door."""
    owed = payable(payment, order_id)
    return _of_order("receivable_booked", payment, order_id, debit=RECEIVABLE, credit=owed, amount=amount)


def cash_taken(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """The carrier has the cash."""
    return _of_order("cash_taken", payment, order_id, debit=CASH, credit=RECEIVABLE, amount=amount)


def written_off(payment: Payment, order_id: UUID, amount: Money) -> Posting:
    """What was owed at the door is given up with the whole payment."""
    owed = payable(payment, order_id)
    return _of_order("written_off", payment, order_id, debit=owed, credit=RECEIVABLE, amount=amount)


def refund_asked(payment: Payment, refund: Refund, kind: str = "refund_asked") -> Posting:
    """The merchant is owed less; the money comes out of what its tender names. Each kind is posted once."""
    return _of_refund(kind, refund, _source(payment, refund), PAID_BY[refund.tender])


def refund_settled(refund: Refund) -> Posting:
    """The money has left the provider."""
    return _of_refund("refund_settled", refund, IN_TRANSIT, AT_WECHAT)


def refund_settled_by_hand(refund: Refund, paid_from: PaidFrom) -> Posting:
    """A person sent the money."""
    return _of_refund("refund_settled_by_hand", refund, IN_TRANSIT, MOVED_BY_HAND[paid_from])


def refund_assigned(refund: Refund) -> Posting:
    """Money that went out unexplained was this refund's."""
    return _of_refund("refund_assigned", refund, IN_TRANSIT, UNIDENTIFIED[Kind.REFUND])


def unidentified(found: Unidentified) -> Posting:
    """Money moved at the provider that nothing of ours explains."""
    return _of_unidentified("unidentified_booked", found, AT_WECHAT)


def receipt_matched(receipt: Unidentified) -> Posting:
    """A receipt that nothing explains went back by a refund that nothing explained."""
    entries = (
        Entry(UNIDENTIFIED[Kind.RECEIPT], receipt.amount),
        Entry(UNIDENTIFIED[Kind.REFUND], -receipt.amount),
    )
    return Posting("unidentified_matched", receipt.unidentified_id, None, entries)


def assigned(found: Unidentified) -> Posting:
    """A receipt is explained: taken back here, and booked as what it is in the same transaction."""
    return _of_unidentified("unidentified_assigned", found, AT_WECHAT, back=True)


def sent_back(found: Unidentified, paid_from: PaidFrom) -> Posting:
    """A person sent a receipt back, or saw to it that a refund came back, or gave that up."""
    return _of_unidentified("unidentified_returned", found, MOVED_BY_HAND[paid_from], back=True)


def _source(payment: Payment, refund: Refund) -> Account:
    return payable(payment, refund.order_id) if refund.order_id else STRAY


def _of_order(
    kind: str, payment: Payment, order_id: UUID, *, debit: Account, credit: Account, amount: Money
) -> Posting:
    entries = (Entry(debit, amount, order_id), Entry(credit, -amount, order_id))
    return Posting(kind, order_id, payment.payment_id, entries)


def _of_refund(kind: str, refund: Refund, debit: Account, credit: Account) -> Posting:
    amount, order_id = refund.amount, refund.order_id
    entries = (Entry(debit, amount, order_id), Entry(credit, -amount, order_id))
    return Posting(kind, refund.refund_id, refund.payment_id, entries)


def _of_unidentified(kind: str, found: Unidentified, against: Account, *, back: bool = False) -> Posting:
    came_in = found.kind is Kind.RECEIPT
    amount = found.amount if came_in != back else -found.amount
    entries = (Entry(against, amount), Entry(UNIDENTIFIED[found.kind], -amount))
    return Posting(kind, found.unidentified_id, None, entries)
