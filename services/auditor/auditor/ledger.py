"""The books: every posting sums to zero, and so does the whole; an account's balance is the sum of its entries.

Balances are compared as of a few minutes ago. What was entered since is taken off a balance in the statement that
reads it, and what was entered before no longer changes: so it can be summed page by page, however much it is.
"""

import time
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from auditor.checks import Check, Counted, Doors, Finding, Json
from auditor.joined import sieved

SETTLED_AFTER = 300.0  # seconds: no transaction is open for that long, so no older posting can still appear
CORRECT = "post a correction that names the cause; the books are only appended to"
Sums = Counter[tuple[str, str]]


def postings(doors: Doors) -> Iterator[Counted | Finding]:
    """Postings that do not balance."""
    for one in sieved(doors, "payments.audit_postings"):
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


def accounts(doors: Doors) -> Iterator[Counted | Finding]:
    """Accounts whose stored balance is not the sum of their entries."""
    until = str(posted_at(time.time() - SETTLED_AFTER))
    stored, entered = _stored(doors, until), _entered(doors, until)
    for account in sorted(stored.keys() | entered.keys()):
        yield Counted(1)
        if stored.get(account) != entered[account]:
            yield _astray(account, stored.get(account), entered[account])


def _astray(account: tuple[str, str], stored: int | None, entered: int) -> Finding:
    name, currency = account
    return Finding(
        check="ledger.accounts",
        about=f"account {currency} {name}",
        detail=f"its balance is {'missing' if stored is None else stored}, its entries sum to {entered}",
        facts={"balance": stored, "entries": entered},
        advice=CORRECT,
    )


def whole(doors: Doors) -> Iterator[Counted | Finding]:
    """Currencies in which the balances of all accounts do not cancel out."""
    sums: Counter[str] = Counter()
    for (_, currency), balance in _stored(doors, str(posted_at(time.time() - SETTLED_AFTER))).items():
        yield Counted(1)
        sums[currency] += balance
    for currency, off in sums.items():
        if off:
            detail = f"the balances of all accounts sum to {off}"
            yield Finding(check="ledger.whole", about=f"currency {currency}", detail=detail, advice=CORRECT)


def posted_at(moment: float) -> UUID:
    """The first id that a posting of this moment can have: UUIDv7 begins with the milliseconds."""
    return UUID(int=int(moment * 1000) << 80)


def _stored(doors: Doors, until: str) -> dict[tuple[str, str], int]:
    pages = doors.pages("payments.audit_accounts", until=until)
    return {(each["name"], each["currency"]): each["balance"] for page in pages for each in page["items"]}


def _entered(doors: Doors, until: str) -> Sums:
    sums: Sums = Counter()
    for page in doors.pages("payments.audit_entries", until=until, limit=1000):
        for each in page["items"]:
            sums[each["account"], each["currency"]] += each["amount"]
    return sums


CHECKS = [
    Check(
        name="ledger.postings",
        sentence="every posting sums to zero in every currency",
        look=postings,
        by_key=True,
    ),
    Check(
        name="ledger.accounts",
        sentence="an account's stored balance is the sum of its entries",
        look=accounts,
    ),
    Check(
        name="ledger.whole",
        sentence="the balances of all accounts sum to zero in every currency",
        look=whole,
    ),
]
