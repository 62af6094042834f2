"""What operators may ask a service with sagas. On the wire the service's own name stands before the method."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.pages import ListRequest, Page
from shared.contracts.sagas.views import SagaStatus, SagaTimeline, SagaView
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import paragraphs, text, whole

LONGEST_NOTE = 500


class SagaOrder(StrEnum):
    """Which sagas come first, by when they began."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, kw_only=True)
class ListSagas(ListRequest, answer=Page[SagaView], permission=Permission.SAGA_READ, audit=False):
    """List sagas of one name, about one thing (`key`), of one status, without a move for so many seconds."""

    name: str | None = text(100, default=None)
    key: str | None = text(100, default=None)
    status: SagaStatus | None = None
    resting_for: int | None = whole(0, 10_000_000, default=None)
    order: SagaOrder = SagaOrder.NEWEST


@dataclass(frozen=True, kw_only=True)
class GetSaga(Request, answer=SagaTimeline, permission=Permission.SAGA_READ, audit=False):
    """Show a saga with its time line, its messages and the operator actions that fit now."""

    saga_id: UUID


@dataclass(frozen=True, kw_only=True)
class SagaActionRequest(Request):
    """An operator action on a saga that stood at `attempt` when it was looked at, and why."""

    saga_id: UUID
    attempt: int = whole(0, 2**31 - 1)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class ResumeSaga(
    SagaActionRequest, answer=SagaView, permission=Permission.SAGA_RESUME, keyed=True, audit="saga.resume"
):
    """Resume a saga by an operator action: its present command is sent again."""


@dataclass(frozen=True, kw_only=True)
class SkipSaga(SagaActionRequest, answer=SagaView, permission=Permission.SAGA_SKIP, keyed=True, audit="saga.skip"):
    """Skip the present step of a saga by an operator action: it was seen to by other means."""


@dataclass(frozen=True, kw_only=True)
class CancelSaga(
    SagaActionRequest, answer=SagaView, permission=Permission.SAGA_CANCEL, keyed=True, audit="saga.cancel"
):
    """Cancel a saga by an operator action: it is undone, as long as it has not passed its pivot."""
