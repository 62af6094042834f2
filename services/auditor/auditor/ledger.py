"""The ledger: every posting sums to zero, and so do all balances; an account's balance is the sum of its entries.

Balances are compared as of a few minutes ago. The statement that reads a balance subtracts the entries made since;
older entries no longer change, so they can be summed page by page however many there are.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries
from auditor.joined import violations
from auditor.queries import Narrowed
from shared.contracts.payments.audit import AuditAccounts, AuditEntries, AuditPostings

SETTLED_AFTER = 300.0  # seconds: no transaction is open for that long, so no older posting can still appear
CORRECT = "post a correction that names the cause; the ledger is append-only"
Account = tuple[str, str]  # its name, and the currency
Sums = Counter[Account]


def postings(queries: Queries) -> Iterator[Counted | Finding]:
    """Postings that do not balance."""
    for one in violations(queries, AuditPostings):
        yield one if isinstance(one, Counted) else _unbalanced(one)


def _unbalanced(posting: Json) -> Finding:
    off = f"off by {posting['off_by']} {posting['currency']}" if posting["currency"] else "without entries"
    return Finding(
        check="ledger.postings",
        about=f"posting {posting['posting_id']}",
        detail=f"{posting['kind']} of {posting['about']} is {off}",
        facts=posting,
        advice=CORRECT,
    )


class LedgerAccounts:
    """Compares balances with entries. It keeps the sums up to a posting; each audit adds the new entries.

    Entries never change, so their sums stay valid. An account without new entries is checked only in a full audit.
    """

    services: tuple[str, ...] = ("payments",)

    def __init__(self) -> None:
        self.load({})

    def load(self, memory: Json) -> None:
        """Continue from what dump() returned; an empty dict: start from the beginning."""
        self._upto: str = memory.get("upto", "")
        self._sums: Sums = Counter({(name, currency): amount for name, currency, amount in memory.get("sums", ())})
        self._open: set[str] = set(memory.get("open", ()))
        self._now = (self._upto, self._sums, self._open)

    def dump(self) -> Json:
        """The sums, and the accounts with a wrong balance, as JSON."""
        upto, sums, wrong = self._now
        return {
            "upto": upto,
            "sums": [[*account, amount] for account, amount in sums.items()],
            "open": sorted(wrong),
        }

    def accounts(self, queries: Queries) -> Iterator[Counted | Finding]:
        """Accounts whose stored balance is not the sum of their entries."""
        until = max(str(posted_at(time.time() - SETTLED_AFTER)), self._upto)
        new = _entered(queries, self._upto or None, until)
        sums = Counter(self._sums)
        sums.update(new)
        names = {name for name, _ in new} | self._open if self._upto else None
        stored = _stored(queries, until, names)
        expected = stored.keys() | {account for account in sums if names is None or account[0] in names}
        wrong = {account for account in expected if stored.get(account) != sums[account]}
        self._now = (until, sums, {name for name, _ in wrong})
        yield Counted(len(expected))
        yield from (_wrong_balance(account, stored.get(account), sums[account]) for account in sorted(wrong))


def _wrong_balance(account: Account, stored: int | None, entered: int) -> Finding:
    name, currency = account
    return Finding(
        check="ledger.accounts",
        about=f"account {currency} {name}",
        detail=f"its balance is {'missing' if stored is None else stored}, its entries sum to {entered}",
        facts={"balance": stored, "entries": entered},
        advice=CORRECT,
    )


class LedgerTotal:
    """Whether all balances sum to zero; each audit adds the new entries to the sums of the one before."""

    services: tuple[str, ...] = ("payments",)

    def __init__(self) -> None:
        self.load({})

    def load(self, memory: Json) -> None:
        """Continue from what dump() returned; an empty dict: start from the beginning."""
        self._upto: str = memory.get("upto", "")
        self._off: Counter[str] = Counter(memory.get("off", {}))
        self._now = (self._upto, self._off)

    def dump(self) -> Json:
        """The sum of all balances by currency, as of a posting, as JSON."""
        upto, off = self._now
        return {"upto": upto, "off": dict(off)}

    def run(self, queries: Queries) -> Iterator[Counted | Finding]:
        """Currencies in which the balances of all accounts do not sum to zero."""
        until = max(str(posted_at(time.time() - SETTLED_AFTER)), self._upto)
        moved: Mapping[Account, int] = (
            _entered(queries, self._upto, until) if self._upto else _stored(queries, until, None)
        )
        off = Counter(self._off)
        for (_, currency), amount in moved.items():
            off[currency] += amount
        self._now = (until, off)
        yield Counted(len(moved))
        for currency, total in off.items():
            if total:
                detail = f"the balances of all accounts sum to {total}"
                yield Finding(check="ledger.total", about=f"currency {currency}", detail=detail, advice=CORRECT)


def posted_at(timestamp: float) -> UUID:
    """The lowest id of a posting of this time (seconds since 1970): UUIDv7 begins with the milliseconds."""
    return UUID(int=int(timestamp * 1000) << 80)


def _stored(queries: Queries, until: str, names: set[str] | None) -> dict[Account, int]:
    """The balances as of a posting: all, or those of some accounts."""
    pages = (queries if names is None else Narrowed(queries, names)).pages(
        AuditAccounts.contract.method, until=until
    )
    return {(each["name"], each["currency"]): each["balance"] for page in pages for each in page["items"]}


def _entered(queries: Queries, after: str | None, until: str) -> Sums:
    """The sums of the entries after one posting and up to another, by account."""
    sums: Sums = Counter()
    for page in queries.pages(AuditEntries.contract.method, after=after, until=until, limit=1000):
        for each in page["items"]:
            sums[each["account"], each["currency"]] += each["amount"]
    return sums


CHECKS = [
    Check(
        name="ledger.postings",
        sentence="every posting sums to zero in every currency",
        run=postings,
        by_key=True,
        changes=(Feed("payments", "ledger_postings", "posting_id"),),
    ),
    Check(
        name="ledger.accounts",
        sentence="an account's stored balance is the sum of its entries",
        run=(ledger := LedgerAccounts()).accounts,
        memory=ledger,
    ),
    Check(
        name="ledger.total",
        sentence="the balances of all accounts sum to zero in every currency",
        run=(ledger_total := LedgerTotal()).run,
        memory=ledger_total,
    ),
]
