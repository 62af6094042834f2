"""The ledger for operators: accounts, the entries of an account, and postings with their cause."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.pages import Page, TextListRequest
from shared.contracts.payments.views import LedgerAccount, PostingKind
from shared.money import Money
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier, timestamp


class CauseKind(StrEnum):
    """The object that a posting is about."""

    CAPTURE = "capture"
    ORDER = "order"
    REFUND = "refund"
    UNIDENTIFIED = "unidentified"


@dataclass(frozen=True, kw_only=True)
class AccountOfOwner:
    """An account of the ledger with its balance: of a shop, of a provider, or of the platform.

    Assets are positive, liabilities negative.
    """

    name: str
    account: LedgerAccount
    shop_id: UUID | None
    provider: str | None
    balance: Money


@dataclass(frozen=True, kw_only=True)
class AccountEntry:
    """An entry of an account, positive for a debit.

    `balance` is that of the account after it; null if `until` is given.
    """

    posting_id: UUID
    posting: PostingKind
    posted_at: datetime
    cause: CauseKind
    cause_id: UUID
    payment_id: UUID | None
    order_id: UUID | None
    amount: Money
    balance: Money | None


@dataclass(frozen=True, kw_only=True)
class PostingEntry:
    """An entry of a posting, positive for a debit."""

    account: str
    amount: Money
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RelatedPosting:
    """Another posting of the same payment."""

    posting_id: UUID
    posting: PostingKind
    posted_at: datetime


@dataclass(frozen=True, kw_only=True)
class PostingDetails:
    """A posting with all entries, which sum to zero, and what caused it.

    `payment_id` and `checkout_id` are null for unidentified money, `transaction_id` is the provider's number of a
    capture. `others` are the postings of the same payment, in their order.
    """

    posting_id: UUID
    posting: PostingKind
    posted_at: datetime
    cause: CauseKind
    cause_id: UUID
    payment_id: UUID | None
    checkout_id: UUID | None
    transaction_id: str | None
    entries: tuple[PostingEntry, ...]
    others: tuple[RelatedPosting, ...]


@dataclass(frozen=True, kw_only=True)
class ListLedgerAccounts(
    TextListRequest, answer=Page[AccountOfOwner], permission=Permission.LEDGER_READ, audit=False
):
    """List accounts with their balances, by name; also by account of the chart, or of one shop."""

    account: LedgerAccount | None = None
    shop_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ListAccountEntries(
    TextListRequest, answer=Page[AccountEntry], permission=Permission.LEDGER_READ, audit=False
):
    """List the entries of an account, newest first; also those posted in a time: since `since`, before `until`."""

    name: str = identifier(100)
    currency: str = identifier(3, 3, default="CNY")
    since: datetime | None = timestamp(default=None)
    until: datetime | None = timestamp(default=None)


@dataclass(frozen=True, kw_only=True)
class GetPosting(Request, answer=PostingDetails, permission=Permission.LEDGER_READ, audit=False):
    """Show a posting with all its entries and what caused it."""

    posting_id: UUID
