"""The chart of accounts, and postings in double entry.

A debit is positive, a credit negative. Assets grow by debits, liabilities by credits. Each posting is made by the
module whose money it is about (`postings.py`); `docs/payments.md` lists them all.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid, NotFound
from shared.money import Money


class Chart(StrEnum):
    """The chart of accounts."""

    PROVIDER_CLEARING = "provider_clearing"  # asset, one per provider: money that it has and has not paid out
    CASH_WITH_CARRIERS = "cash_with_carriers"  # asset: collected on delivery, not remitted yet
    RECEIVABLE = "receivable"  # asset: due from buyers on delivery
    MERCHANT_PAYABLE = "merchant_payable"  # liability, one per shop: payable to the merchant
    BANK = "bank"  # asset: our account at the bank, as far as payments moves money on it
    REFUNDS_IN_TRANSIT = "refunds_in_transit"  # liability, one per provider: refunds not yet arrived
    UNAPPLIED_RECEIPTS = (
        "unapplied_receipts"  # liability: late, duplicate or wrong receipts, which pay no checkout
    )
    UNIDENTIFIED_RECEIPTS = "unidentified_receipts"  # liability: receipts that no payment explains
    UNIDENTIFIED_REFUNDS = "unidentified_refunds"  # asset: outgoing money that no refund explains
    LOSSES = "losses"  # expense: borne by the platform


class PostingKind(StrEnum):
    """What happened to the money of a posting."""

    CAPTURED = "captured"
    UNAPPLIED_CAPTURED = "unapplied_captured"
    RECEIVABLE_BOOKED = "receivable_booked"
    CASH_TAKEN = "cash_taken"
    WRITTEN_OFF = "written_off"
    REFUND_REQUESTED = "refund_requested"
    REFUND_REQUESTED_AGAIN = "refund_requested_again"
    REFUND_SETTLED = "refund_settled"
    REFUND_SETTLED_BY_HAND = "refund_settled_by_hand"
    REFUND_ASSIGNED = "refund_assigned"
    UNIDENTIFIED_BOOKED = "unidentified_booked"
    UNIDENTIFIED_MATCHED = "unidentified_matched"
    UNIDENTIFIED_ASSIGNED = "unidentified_assigned"
    UNIDENTIFIED_RETURNED = "unidentified_returned"


class Tender(StrEnum):
    """How a refund is paid."""

    PROVIDER = "provider"  # through the provider of the payment
    CASH = "cash"  # by the carrier, out of the cash collected
    RECEIVABLE = "receivable"  # not collected yet: the receivable is reduced


class CursorInvalid(Invalid):
    """The cursor is not from an earlier answer."""

    code = "cursor_invalid"


class PostingNotFound(NotFound):
    """There is no such posting."""

    code = "posting_not_found"


class Unbalanced(ValueError):
    """The entries of a posting do not add up to zero in every currency."""


@dataclass(frozen=True)
class Account:
    """An account of the chart, for one shop or one provider where the chart has an account for each."""

    code: Chart
    shop_id: UUID | None = None
    provider: str | None = None

    @property
    def name(self) -> str:
        owner = self.shop_id or self.provider
        return f"{self.code}:{owner}" if owner else str(self.code)


@dataclass(frozen=True)
class Entry:
    """One line of a posting."""

    account: Account
    amount: Money
    order_id: UUID | None = None


@dataclass(frozen=True)
class Posting:
    """A movement of money, posted once per `kind` and `about`; `payment_id` is None for unidentified money."""

    kind: PostingKind
    about: UUID
    payment_id: UUID | None
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        sums: Counter[str] = Counter()
        for entry in self.entries:
            sums[entry.amount.currency] += entry.amount.amount
        if any(sums.values()):
            raise Unbalanced(f"{self.kind} {self.about}: {dict(sums)}")


CASH, RECEIVABLE, BANK, UNAPPLIED_RECEIPTS, LOSSES = (
    Account(Chart.CASH_WITH_CARRIERS),
    Account(Chart.RECEIVABLE),
    Account(Chart.BANK),
    Account(Chart.UNAPPLIED_RECEIPTS),
    Account(Chart.LOSSES),
)
UNIDENTIFIED_RECEIPTS, UNIDENTIFIED_REFUNDS = (
    Account(Chart.UNIDENTIFIED_RECEIPTS),
    Account(Chart.UNIDENTIFIED_REFUNDS),
)


def provider_clearing(provider: str) -> Account:
    """The account of the money that a provider has."""
    return Account(Chart.PROVIDER_CLEARING, provider=provider)


def refunds_in_transit(provider: str) -> Account:
    """The account of refunds through a provider that have not arrived yet."""
    return Account(Chart.REFUNDS_IN_TRANSIT, provider=provider)


def paid_by(tender: Tender, provider: str) -> Account:
    """The account from which a refund is paid."""
    if tender is Tender.PROVIDER:
        return refunds_in_transit(provider)
    return CASH if tender is Tender.CASH else RECEIVABLE


def merchant_payable(shop_id: UUID) -> Account:
    """The account of what is payable to a shop."""
    return Account(Chart.MERCHANT_PAYABLE, shop_id)


def transfer(
    kind: PostingKind,
    about: UUID,
    payment_id: UUID | None,
    *,
    debit: Account,
    credit: Account,
    amount: Money,
    order_id: UUID | None = None,
) -> Posting:
    """A posting of two entries: an amount on the debit of one account and the credit of another."""
    return Posting(kind, about, payment_id, (Entry(debit, amount, order_id), Entry(credit, -amount, order_id)))
