"""The operators' queries of refunds, and which refunds are stalled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from payments import metrics
from payments.refunding import views
from payments.refunding.model.refunds import Attempt, Refund, RefundNotFound, StallReason
from payments.work import Work
from shared import settings
from shared.contracts.pages import Page, page
from shared.contracts.payments import views as answers
from shared.contracts.payments.requests import ListStalledRefunds

SLOW_AFTER = 7 * 24 * 3600  # seconds; the same limit as the auditor's


def list_stalled_refunds(work: Work, requested: ListStalledRefunds) -> Page[answers.RefundProgress]:
    """A page of the stalled refunds, the oldest first."""
    found = work.stalled_refunds.page(**_limits(work.now), after=requested.cursor, limit=requested.limit + 1)
    attempts = work.refund_attempts.of_refunds(*(refund.refund_id for refund, _ in found))
    return page(
        found, lambda each: _progress(work, *each, attempts), lambda each: each[0].refund_id, requested.limit
    )


def get_refund(work: Work, refund_id: UUID) -> answers.RefundProgress:
    """One refund, stalled or not. Raises RefundNotFound."""
    refund = work.refunds.find(refund_id)
    if refund is None:
        raise RefundNotFound
    attempts = work.refund_attempts.of_refunds(refund_id)
    return _progress(work, refund, _stall_reason(work, refund_id), attempts)


def measure(work: Work) -> None:
    """Set the gauges of stalled refunds."""
    counts = work.stalled_refunds.counts(**_limits(work.now))
    for why in StallReason:
        metrics.stalled_refunds.labels(why).set(counts.get(why, 0))


def _limits(now: datetime) -> dict[str, datetime]:
    stalled = timedelta(seconds=settings.whole("REFUND_REFUSED_TOO_LONG", 4 * 3600))
    return {"stalled": now - stalled, "slow": now - timedelta(seconds=SLOW_AFTER)}


def _stall_reason(work: Work, refund_id: UUID) -> StallReason | None:
    """Why a refund is stalled, or None: if it is, it is the first of the page that begins with its id."""
    found = work.stalled_refunds.page(**_limits(work.now), after=UUID(int=refund_id.int - 1), limit=1)
    return next((why for refund, why in found if refund.refund_id == refund_id), None)


def _progress(
    work: Work, refund: Refund, why: StallReason | None, attempts: Sequence[Attempt]
) -> answers.RefundProgress:
    mine = [each for each in attempts if each.refund_id == refund.refund_id]
    return views.refund(refund, why, mine, work.settlements.find(refund.refund_id))
