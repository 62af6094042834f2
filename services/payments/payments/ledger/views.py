"""Views of the ledger's rows."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.payments import views
from shared.money import Money

Row = Mapping[Any, Any]


def entry(row: Row) -> views.LedgerEntry:
    """An entry of the ledger, from its row and its posting's."""
    return views.LedgerEntry(
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
