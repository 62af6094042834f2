"""What operators see of refunds that need them, and of money that nothing explains."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from payments import metrics, schemas
from payments.domain.refunds import Attempt, UnknownRefund
from payments.work import Work
from shared import settings, shapes
from shared.money import Money

View = TypeVar("View")
SLOW_AFTER = 7 * 24 * 3600  # seconds; the auditor counts refunds from then on too


def needy_refunds(work: Work, page: schemas.Page) -> dict[str, Any]:
    """A page of the refunds that need a person, the oldest first."""
    rows = work.needy.page(**_limits(work.now), after=page.cursor, limit=page.limit)
    attempts = work.refund_attempts.of_refunds(*(row["refund_id"] for row in rows))
    items = [_refund(work, row, row["why"], attempts) for row in rows]
    return _page(items, page.limit, "refund_id")


def refund(work: Work, refund_id: UUID) -> dict[str, Any]:
    """One refund, whether or not it needs a person. Raises UnknownRefund."""
    known = work.refunds.find(refund_id)
    if known is None:
        raise UnknownRefund
    row = {**vars(known), "amount": known.amount.amount, "currency": known.amount.currency}
    rows = work.needy.page(**_limits(work.now), after=UUID(int=refund_id.int - 1), limit=1)
    why = next((each["why"] for each in rows if each["refund_id"] == refund_id), None)
    return shapes.dump(_refund(work, row, why, work.refund_attempts.of_refunds(refund_id)))


def unidentified(work: Work, page: schemas.Page) -> dict[str, Any]:
    """A page of the money that nobody has seen to, the oldest first."""
    found = work.unidentified.page(after=page.cursor, limit=page.limit)
    items = [
        _view(schemas.UnidentifiedView, {**vars(one), "settlement": _settlement(work, one.unidentified_id)})
        for one in found
    ]
    return _page(items, page.limit, "unidentified_id")


def measure(work: Work) -> None:
    """Set the gauges that alarms are made of."""
    counts = work.needy.counts(**_limits(work.now))
    for why in ("to_be_confirmed", "differs_from_ours", "abnormal", "closed_repeatedly", "refused", "slow"):
        metrics.needy.labels(why).set(counts.get(why, 0))
    metrics.unidentified.set(work.unidentified.count_open())
    metrics.unjudged.set(work.notifications.count_tried())


def _limits(now: datetime) -> dict[str, datetime]:
    stalled = timedelta(seconds=settings.whole("REFUND_REFUSED_TOO_LONG", 4 * 3600))
    return {"stalled": now - stalled, "slow": now - timedelta(seconds=SLOW_AFTER)}


def _refund(work: Work, row: Any, why: str | None, attempts: Sequence[Attempt]) -> schemas.OperatedRefund:
    mine = [_view(schemas.AttemptView, vars(a)) for a in attempts if a.refund_id == row["refund_id"]]
    known = {"why": why, "attempts": mine, "settlement": _settlement(work, row["refund_id"])}
    return _view(schemas.OperatedRefund, {**row, "amount": Money(row["amount"], row["currency"]), **known})


def _settlement(work: Work, about: UUID) -> schemas.SettlementView | None:
    known = work.settlements.find(about)
    return _view(schemas.SettlementView, vars(known)) if known else None


def _page(items: list[Any], limit: int, key: str) -> dict[str, Any]:
    more = len(items) == limit
    return {"items": [shapes.dump(item) for item in items], "next": str(getattr(items[-1], key)) if more else None}


def _view(view: type[View], values: Any) -> View:
    return view(**{field.name: values[field.name] for field in fields(view)})  # type: ignore[arg-type]
