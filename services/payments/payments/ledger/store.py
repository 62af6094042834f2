"""The ledger: postings are collected while a transaction runs, and written at its end."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, RowMapping, Text, bindparam, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from payments.ledger.model import Account, Posting, PostingKind
from payments.ledger.tables import accounts, entries, postings
from shared.ids import first_since, new_id
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

# An id is made when its posting is written, and `posted_at` is read earlier in that transaction: the ids bound
# what is read of the index, the times decide.
ENTRIES = """
    SELECT e.posting_id, e.line, e.amount, e.currency, e.order_id, p.kind, p.about, p.payment_id, p.posted_at,
        (SELECT balance FROM ledger_accounts WHERE name = :name AND currency = :currency) AS present
    FROM ledger_entries e JOIN ledger_postings p USING (posting_id)
    WHERE e.account = :name AND e.currency = :currency{which}
    ORDER BY e.posting_id DESC, e.line DESC LIMIT :most
"""
BEFORE = " AND (e.posting_id, e.line) < (:before, :line)"
SINCE = " AND e.posting_id >= :first AND p.posted_at >= :since"
UNTIL = " AND e.posting_id < :last AND p.posted_at < :until"
POSTING = text("""
    SELECT p.*, payments.checkout_id, (SELECT transaction_id FROM captures WHERE capture_id = p.about)
    FROM ledger_postings p LEFT JOIN payments USING (payment_id) WHERE posting_id = :posting_id
""")
OF_POSTING = text("SELECT * FROM ledger_entries WHERE posting_id = :posting_id ORDER BY line")
OTHERS = text("""
    SELECT posting_id, kind, posted_at FROM ledger_postings
    WHERE payment_id = :payment_id AND posting_id <> :posting_id ORDER BY posting_id LIMIT 100
""")
SLACK = timedelta(hours=1)


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

    def page(
        self, *, code: str | None, shop_id: UUID | None, after: tuple[str, str] | None, most: int
    ) -> Sequence[RowMapping]:
        """Rows of accounts after this name and currency."""
        which = [accounts.c.code == code] if code else []
        which += [accounts.c.shop_id == shop_id] if shop_id else []
        which += [tuple_(accounts.c.name, accounts.c.currency) > after] if after else []
        found = select(accounts).where(*which).order_by(accounts.c.name, accounts.c.currency)
        return self._connection.execute(found.limit(most)).mappings().all()

    def entries(
        self,
        account: tuple[str, str],
        *,
        before: tuple[UUID, int] | None,
        since: datetime | None,
        until: datetime | None,
        most: int,
    ) -> Sequence[RowMapping]:
        """Rows of an account's entries with those of their postings, and its balance now; the newest first."""
        which, terms = "", {"name": account[0], "currency": account[1], "most": most}
        if before:
            which, terms = BEFORE, {**terms, "before": before[0], "line": before[1]}
        if since:
            which, terms = which + SINCE, {**terms, "since": since, "first": first_since(since - SLACK)}
        if until:
            which, terms = which + UNTIL, {**terms, "until": until, "last": first_since(until + SLACK)}
        return self._connection.execute(text(ENTRIES.format(which=which)), terms).mappings().all()

    def posting(self, posting_id: UUID) -> tuple[Any, Sequence[RowMapping], Sequence[RowMapping]]:
        """The row of a posting (None if there is none), its entries, and the other postings of its payment."""
        execute, which = self._connection.execute, {"posting_id": posting_id}
        row = execute(POSTING, which).mappings().one_or_none()
        payment_id = row["payment_id"] if row else None
        others = execute(OTHERS, {**which, "payment_id": payment_id}).mappings().all() if payment_id else ()
        return row, execute(OF_POSTING, which).mappings().all(), others

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
