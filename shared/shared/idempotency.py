"""Idempotency keys: a repeated request is executed once and gets the same answer.

The key is stored in the transaction of the change (draft-ietf-httpapi-idempotency-key-header), so that a crash
leaves both or neither.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.errors import Conflict, Refusal
from shared.personal import Kind, PersonalJson, Until
from shared.rows import change

metadata = sa.MetaData()
idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("operation", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),  # its digest
    sa.Column("answer", PersonalJson(Kind.ANSWER, Until.REMOVED)),
)
Place = dict[str, str]
Scope = tuple[str, str, str]  # caller, operation, key
LONGEST_KEY = 255

# In one order, so that two batches with the same keys do not wait for each other.
CLAIM_MANY = sa.text("""
    INSERT INTO idempotency (caller, operation, key, request)
    SELECT * FROM unnest(CAST(:callers AS text[]), CAST(:operations AS text[]), CAST(:keys AS text[]),
                         CAST(:requests AS text[])) AS wanted (caller, operation, key, request)
    ORDER BY caller, operation, key
    ON CONFLICT DO NOTHING
    RETURNING caller, operation, key
""")


class KeyReused(Conflict):
    """This idempotency key was used for another request."""

    code = "idempotency_key_reused"


class KeyTooLong(Refusal):
    """An idempotency key has at most 255 characters."""

    code = "idempotency_key_too_long"


def once(
    connection: sa.Connection,
    scope: Scope,
    request: Any,
    produce: Callable[[], Any],
    shown_once: Sequence[str] = (),
    *,
    is_claimed: bool = False,
) -> Any:
    """The answer of `produce`, which runs once for this (caller, operation, key).

    A concurrent request with the same key waits for the first one's transaction. `produce` returns JSON; if it
    raises, the transaction is rolled back and the key is free again. The members `shown_once` are secrets: they
    are not stored, and null in repeated answers. With `is_claimed`, this transaction has claimed the key already.
    Raises KeyReused if the key was used for a different request.
    """
    if len(scope[2]) > LONGEST_KEY:
        raise KeyTooLong
    place = _place(scope)
    seen = None if is_claimed else _claim(connection, place, _digest(request))
    if seen is not None:
        return seen["answer"]
    answer = produce()
    stored = {**answer, **dict.fromkeys(shown_once)} if shown_once else answer
    change(connection, idempotency, place, {"answer": stored})
    return answer


def claim(connection: sa.Connection, wanted: Iterable[tuple[Scope, Any]]) -> set[Scope]:
    """Claim the keys of several requests at once; return those that were not used before.

    A key of two of them belongs to the first. It waits for concurrent transactions that have claimed one of them.
    """
    first: dict[Scope, str] = {}
    for scope, request in wanted:
        first.setdefault(scope, _digest(request))
    rows = [(*scope, digest) for scope, digest in first.items() if len(scope[2]) <= LONGEST_KEY]
    if not rows:
        return set()
    columns = dict(
        zip(("callers", "operations", "keys", "requests"), map(list, zip(*rows, strict=True)), strict=True)
    )
    return {(row.caller, row.operation, row.key) for row in connection.execute(CLAIM_MANY, columns)}


def release(connection: sa.Connection, scope: Scope) -> None:
    """Free a key that this transaction has claimed: its request was refused."""
    connection.execute(sa.delete(idempotency).where(*_is(_place(scope))))


def keyed_digest(secret: str, key: bytes) -> str:
    """The keyed digest that replaces a secret in a request's fingerprint.

    A plain digest of a password could be attacked by guessing, which the slow password hash is to prevent.
    """
    return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()


def _claim(connection: sa.Connection, place: Place, request: str) -> dict[str, Any] | None:
    claim = insert(idempotency).values(**place, request=request).on_conflict_do_nothing()
    stored = sa.select(idempotency.c.request, idempotency.c.answer).where(*_is(place))
    while not connection.execute(claim.returning(sa.true())).scalar():
        known = connection.execute(stored).mappings().one_or_none()
        if known and known["request"] != request:
            raise KeyReused
        if known:
            return {"answer": known["answer"]}
    return None


def _place(scope: Scope) -> Place:
    return dict(zip(("caller", "operation", "key"), scope, strict=True))


def _is(place: Place) -> list[sa.ColumnElement[bool]]:
    return [idempotency.c[name] == value for name, value in place.items()]


def _digest(request: Any) -> str:
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
