"""The ledger: postings are collected while a transaction runs, and written at its end."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, RowMapping, Text, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from payments.ledger.model import Account, Posting, PostingKind
from payments.ledger.tables import accounts, entries, postings
from shared.ids import new_id
from shared.round_trips import later
from shared.rows import append

# Accounts are shared by all payments. They are locked last and in a fixed order, so that a transaction that holds
# one waits for nothing but its commit. NO KEY: inserts of entries, which lock the account by their foreign key, do
# not wait (a plain FOR UPDATE would deadlock with them).
LOCK = text("SELECT name FROM ledger_accounts WHERE name = ANY(:names) ORDER BY name, currency FOR NO KEY UPDATE")
ADD = text("""
    UPDATE ledger_accounts AS accounts SET balance = accounts.balance + changes.change
    FROM unnest(:names, :currencies, :changes) AS changes (name, currency, change)
    WHERE accounts.name = changes.name AND accounts.currency = changes.currency
""").bindparams(
    bindparam("names", type_=ARRAY(Text)),
    bindparam("currencies", type_=ARRAY(Text)),
    bindparam("changes", type_=ARRAY(BigInteger)),
)


class LedgerAccounts:
    """The ledger of this database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: list[Posting] = []

    def post(self, posting: Posting) -> None:
        """Add a posting, to be written when the transaction ends; one with only zero amounts is ignored."""
        if any(entry.amount for entry in posting.entries):
            self._open.append(posting)

    def close(self, at: datetime) -> None:
        """Write the collected postings, their entries and the changed balances."""
        posted, self._open = [(new_id(), posting) for posting in self._open], []
        if posted:
            changes = _changes(posted)
            self._open_accounts(changes)
            append(self._connection, postings, [_posting_row(i, p, at) for i, p in posted])
            append(self._connection, entries, [row for i, p in posted for row in _entry_rows(i, p)])
            self._change_balances(changes)

    def has(self, kind: PostingKind, about: UUID) -> bool:
        """Whether there is such a posting."""
        same = select(postings.c.posting_id).where(postings.c.kind == kind, postings.c.about == about)
        return self._connection.execute(same).scalar() is not None

    def balances(self) -> Sequence[RowMapping]:
        """The balances by account of the chart, provider and currency, over all shops."""
        by = (accounts.c.code, accounts.c.provider, accounts.c.currency)
        query = select(*by, func.sum(accounts.c.balance).cast(BigInteger).label("balance"))
        return self._connection.execute(query.group_by(*by).order_by(*by)).mappings().all()

    def of_payment(self, payment_id: UUID) -> Sequence[RowMapping]:
        """The entries of a payment, in the order of posting."""
        query = select(postings.c.kind, postings.c.about, postings.c.posted_at, entries).join_from(
            postings, entries, postings.c.posting_id == entries.c.posting_id
        )
        mine = query.where(postings.c.payment_id == payment_id)
        return self._connection.execute(mine.order_by(postings.c.posting_id, entries.c.line)).mappings().all()

    def _open_accounts(self, changes: dict[tuple[Account, str], int]) -> None:
        rows = [
            {
                "name": account.name,
                "currency": currency,
                "code": account.code,
                "shop_id": account.shop_id,
                "provider": account.provider,
                "balance": 0,
            }
            for account, currency in sorted(changes, key=lambda place: (place[0].name, place[1]))
        ]
        append(self._connection, accounts, rows, unless_known=True)

    def _change_balances(self, changes: dict[tuple[Account, str], int]) -> None:
        later(self._connection, LOCK, {"names": [account.name for account, _ in changes]})
        names, currencies = [account.name for account, _ in changes], [currency for _, currency in changes]
        terms = {"names": names, "currencies": currencies, "changes": list(changes.values())}
        later(self._connection, ADD, terms)


def _changes(posted: list[tuple[UUID, Posting]]) -> dict[tuple[Account, str], int]:
    changes: Counter[tuple[Account, str]] = Counter()
    for _, posting in posted:
        for entry in posting.entries:
            changes[entry.account, entry.amount.currency] += entry.amount.amount
    return dict(changes)


def _posting_row(posting_id: UUID, posting: Posting, at: datetime) -> dict[str, Any]:
    what = {"kind": posting.kind, "about": posting.about, "payment_id": posting.payment_id}
    return {"posting_id": posting_id, "posted_at": at, **what}


def _entry_rows(posting_id: UUID, posting: Posting) -> list[dict[str, Any]]:
    return [
        {
            "posting_id": posting_id,
            "line": line,
            "account": entry.account.name,
            "currency": entry.amount.currency,
            "amount": entry.amount.amount,
            "order_id": entry.order_id,
        }
        for line, entry in enumerate(entry for entry in posting.entries if entry.amount)
    ]
