"""Queries of the ledger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from payments.ledger import views
from payments.ledger.model import CursorInvalid, PostingNotFound
from payments.work import Work
from shared.contracts.pages import Page
from shared.contracts.payments import ledger
from shared.contracts.payments import views as answers


@dataclass(frozen=True)
class Position:
    """A position in the entries of an account: the last entry shown, and the balance before it if known."""

    posting_id: UUID
    line: int
    balance: int | None

    @classmethod
    def read(cls, cursor: str) -> Self:
        """The position of a cursor. Raises CursorInvalid."""
        try:
            posting_id, line, balance = cursor.split("_")
            return cls(UUID(posting_id), int(line), int(balance) if balance else None)
        except ValueError:
            raise CursorInvalid from None

    @property
    def cursor(self) -> str:
        """The position as text."""
        return f"{self.posting_id}_{self.line}_{'' if self.balance is None else self.balance}"


def get_trial_balance(work: Work) -> answers.TrialBalance:
    """The balance of every account of the chart, and whether they add up to zero."""
    rows, sums = work.ledger.balances(), Counter[str]()
    for row in rows:
        sums[row["currency"]] += row["balance"]
    return answers.TrialBalance(accounts=tuple(map(views.balance, rows)), balanced=not any(sums.values()))


def list_accounts(work: Work, request: ledger.ListLedgerAccounts) -> Page[ledger.AccountOfOwner]:
    """A page of accounts, by name and currency. Raises CursorInvalid."""
    rows = work.ledger.page(
        code=request.account, shop_id=request.shop_id, after=_after(request.cursor), most=request.limit + 1
    )
    shown, more = rows[: request.limit], len(rows) > request.limit
    following = f"{shown[-1]['name']} {shown[-1]['currency']}" if more else None
    return Page(items=tuple(map(views.account, shown)), next=following)


def list_entries(work: Work, request: ledger.ListAccountEntries) -> Page[ledger.AccountEntry]:
    """A page of an account's entries, the newest first. Raises CursorInvalid."""
    position = Position.read(request.cursor) if request.cursor else None
    rows = work.ledger.entries(
        (request.name, request.currency),
        before=(position.posting_id, position.line) if position else None,
        since=request.since,
        until=request.until,
        most=request.limit + 1,
    )
    balance = position.balance if position else None if request.until or not rows else rows[0]["present"]
    shown = list(_with_balances(rows[: request.limit], balance))
    following = _position(*shown[-1]).cursor if len(rows) > request.limit else None
    return Page(items=tuple(views.account_entry(*each) for each in shown), next=following)


def get_posting(work: Work, posting_id: UUID) -> ledger.PostingDetails:
    """A posting with its entries and cause. Raises PostingNotFound."""
    row, entries, others = work.ledger.posting(posting_id)
    if row is None:
        raise PostingNotFound
    return views.posting(row, entries, others)


def _with_balances(rows: Sequence[Any], balance: int | None) -> Iterator[tuple[Any, int | None]]:
    """Each entry with the balance after it; `balance` is that after the first, which is the newest."""
    for row in rows:
        yield row, balance
        balance = None if balance is None else balance - row["amount"]


def _position(row: Any, balance: int | None) -> Position:
    return Position(row["posting_id"], row["line"], None if balance is None else balance - row["amount"])


def _after(cursor: str | None) -> tuple[str, str] | None:
    if cursor is None:
        return None
    name, space, currency = cursor.rpartition(" ")
    if not space:
        raise CursorInvalid
    return name, currency
