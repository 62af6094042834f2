"""Views of the ledger's rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.contracts.payments import ledger, views
from shared.contracts.payments.ledger import CauseKind
from shared.contracts.payments.views import PostingKind
from shared.money import Money

Row = Mapping[Any, Any]
CAUSES = {
    PostingKind.CAPTURED: CauseKind.CAPTURE,
    PostingKind.UNAPPLIED_CAPTURED: CauseKind.CAPTURE,
    PostingKind.RECEIVABLE_BOOKED: CauseKind.ORDER,
    PostingKind.CASH_TAKEN: CauseKind.ORDER,
    PostingKind.WRITTEN_OFF: CauseKind.ORDER,
    PostingKind.REFUND_REQUESTED: CauseKind.REFUND,
    PostingKind.REFUND_REQUESTED_AGAIN: CauseKind.REFUND,
    PostingKind.REFUND_SETTLED: CauseKind.REFUND,
    PostingKind.REFUND_SETTLED_BY_HAND: CauseKind.REFUND,
    PostingKind.REFUND_ASSIGNED: CauseKind.REFUND,
    PostingKind.UNIDENTIFIED_BOOKED: CauseKind.UNIDENTIFIED,
    PostingKind.UNIDENTIFIED_MATCHED: CauseKind.UNIDENTIFIED,
    PostingKind.UNIDENTIFIED_ASSIGNED: CauseKind.UNIDENTIFIED,
    PostingKind.UNIDENTIFIED_RETURNED: CauseKind.UNIDENTIFIED,
}


def entry(row: Row) -> views.LedgerEntry:
    """An entry of the ledger, from its row and its posting's."""
    return views.LedgerEntry(
        posting_id=row["posting_id"],
        posting=views.PostingKind(row["kind"]),
        posted_at=row["posted_at"],
        account=row["account"],
        amount=Money(row["amount"], row["currency"]),
        order_id=row["order_id"],
    )


def balance(row: Row) -> views.AccountBalance:
    """An account of the chart with its balance over all shops, from the row of a sum."""
    return views.AccountBalance(
        account=views.LedgerAccount(row["code"]),
        provider=row["provider"],
        balance=Money(row["balance"], row["currency"]),
    )


def account(row: Row) -> ledger.AccountOfOwner:
    """An account with its owner and balance."""
    return ledger.AccountOfOwner(
        name=row["name"],
        account=views.LedgerAccount(row["code"]),
        shop_id=row["shop_id"],
        provider=row["provider"],
        balance=Money(row["balance"], row["currency"]),
    )


def account_entry(row: Row, balance: int | None) -> ledger.AccountEntry:
    """An entry of an account, and the account's balance after it."""
    return ledger.AccountEntry(
        posting_id=row["posting_id"],
        **_cause(row),
        payment_id=row["payment_id"],
        order_id=row["order_id"],
        amount=Money(row["amount"], row["currency"]),
        balance=None if balance is None else Money(balance, row["currency"]),
    )


def posting(row: Row, entries: Iterable[Row], others: Iterable[Row]) -> ledger.PostingDetails:
    """A posting with its entries and the other postings of its payment."""
    cause = _cause(row)
    is_capture = cause["cause"] is ledger.CauseKind.CAPTURE
    return ledger.PostingDetails(
        posting_id=row["posting_id"],
        **cause,
        payment_id=row["payment_id"],
        checkout_id=row["checkout_id"],
        transaction_id=row["transaction_id"] if is_capture else None,
        entries=tuple(map(_posting_entry, entries)),
        others=tuple(map(_related, others)),
    )


def _posting_entry(row: Row) -> ledger.PostingEntry:
    amount = Money(row["amount"], row["currency"])
    return ledger.PostingEntry(account=row["account"], amount=amount, order_id=row["order_id"])


def _related(row: Row) -> ledger.RelatedPosting:
    kind = views.PostingKind(row["kind"])
    return ledger.RelatedPosting(posting_id=row["posting_id"], posting=kind, posted_at=row["posted_at"])


def _cause(row: Row) -> dict[str, Any]:
    """What a posting is, and what it is about."""
    kind = views.PostingKind(row["kind"])
    return {
        "posting": kind,
        "posted_at": row["posted_at"],
        "cause": CAUSES[kind],
        "cause_id": row["about"],
    }
