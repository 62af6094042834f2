"""The operator requests that services with sagas answer. On the wire the service's name precedes the method's."""

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
    """The order of a list of sagas, by their start."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, kw_only=True)
class ListSagas(ListRequest, answer=Page[SagaView], permission=Permission.SAGA_READ, audit=False):
    """List sagas by name, object (`key`), status, and seconds without a transition (`idle_for`)."""

    name: str | None = text(100, default=None)
    key: str | None = text(100, default=None)
    status: SagaStatus | None = None
    idle_for: int | None = whole(0, 10_000_000, default=None)
    order: SagaOrder = SagaOrder.NEWEST


@dataclass(frozen=True, kw_only=True)
class GetSaga(Request, answer=SagaTimeline, permission=Permission.SAGA_READ, audit=False):
    """Show a saga with its timeline, its messages and the operator actions that are possible now."""

    saga_id: UUID


@dataclass(frozen=True, kw_only=True)
class SagaActionRequest(Request):
    """An operator action on a saga, with a reason; it is refused unless the saga is still at `attempt`."""

    saga_id: UUID
    attempt: int = whole(0, 2**31 - 1)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class ResumeSaga(
    SagaActionRequest, answer=SagaView, permission=Permission.SAGA_RESUME, keyed=True, audit="saga.resume"
):
    """Resume a saga: its current command is sent again."""


@dataclass(frozen=True, kw_only=True)
class SkipSaga(SagaActionRequest, answer=SagaView, permission=Permission.SAGA_SKIP, keyed=True, audit="saga.skip"):
    """Skip the current step of a saga, which was done by other means."""


@dataclass(frozen=True, kw_only=True)
class CancelSaga(
    SagaActionRequest, answer=SagaView, permission=Permission.SAGA_CANCEL, keyed=True, audit="saga.cancel"
):
    """Cancel a saga: it is undone, if it has not passed its pivot."""
