"""An erasure: requested by the user or an operator, attempted until no matter is open, then final."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared.errors import Conflict, NotFound
from shared.ids import new_id


class ErasureState(StrEnum):
    """`running`: an attempt is in progress. `waiting`: a matter is open, the next attempt is scheduled."""

    RUNNING = "running"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class OpenMatterKind(StrEnum):
    """Kinds of open matters of a user."""

    CHECKOUT = "checkout"
    ORDER = "order"
    REFUND = "refund"
    SHOP = "shop"


class ErasureNotFound(NotFound):
    """There is no erasure of this account."""

    code = "erasure_not_found"


class ErasureRunning(Conflict):
    """The account is being erased."""

    code = "erasure_running"


@dataclass(frozen=True, kw_only=True)
class OpenMatter:
    """A checkout, order, refund or shop of the user that must be finished before the erasure."""

    kind: OpenMatterKind
    id: UUID


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """The erasure of a user. `attempt_id` identifies the present or last attempt."""

    user_id: UUID
    requested_by: UUID
    requested_at: datetime
    state: ErasureState
    attempt_id: UUID
    open: tuple[OpenMatter, ...] = ()
    checked_at: datetime | None = None
    next_check_at: datetime | None = None
    erased_at: datetime | None = None

    @classmethod
    def requested(cls, user_id: UUID, by: UUID, now: datetime) -> Self:
        """A new erasure with its first attempt."""
        return cls(
            user_id=user_id, requested_by=by, requested_at=now, state=ErasureState.RUNNING, attempt_id=new_id()
        )

    def retried(self) -> Self:
        """The erasure with a new attempt."""
        return replace(self, state=ErasureState.RUNNING, attempt_id=new_id(), next_check_at=None)

    def waits_for(self, matters: tuple[OpenMatter, ...], now: datetime, pause: timedelta) -> Self:
        """The erasure with these open matters; the next attempt is due after the pause."""
        return replace(self, state=ErasureState.WAITING, open=matters, checked_at=now, next_check_at=now + pause)

    def withdrawn(self) -> Self:
        """The erasure, withdrawn. Raises ErasureRunning, or ErasureNotFound if it is not waiting."""
        if self.state is ErasureState.RUNNING:
            raise ErasureRunning
        if self.state is not ErasureState.WAITING:
            raise ErasureNotFound
        return replace(self, state=ErasureState.WITHDRAWN, next_check_at=None)

    def done(self, now: datetime) -> Self:
        """The erasure, finished in all services."""
        return replace(self, state=ErasureState.ERASED, open=(), checked_at=now, next_check_at=None, erased_at=now)


@dataclass(frozen=True, kw_only=True)
class ErasureProcess:
    """The state of the saga `users.erasure`: one attempt; `open` lists the matters that prevented it."""

    user_id: UUID
    attempt_id: UUID
    open: tuple[OpenMatter, ...] = ()
