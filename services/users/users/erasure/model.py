"""An erasure: asked for by its person or by an operator, tried until nothing is open, then final."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id


class ErasureState(StrEnum):
    """`running`: the services are being asked. `waiting`: something is open, it is tried again later."""

    RUNNING = "running"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class OpenMatterKind(StrEnum):
    """What of a person has not come to its end."""

    CHECKOUT = "checkout"
    ORDER = "order"
    REFUND = "refund"
    SHOP = "shop"


class ErasureNotFound(NotFound):
    """Nobody asked for this account to be erased."""

    code = "erasure_not_found"


class ErasureRunning(Conflict):
    """The account is being erased at this moment."""

    code = "erasure_running"


class PasswordIncorrect(Invalid):
    """The password is not that of the account."""

    code = "password_incorrect"


@dataclass(frozen=True, kw_only=True)
class OpenMatter:
    """A checkout, order, refund or shop of the person that must come to its end first."""

    kind: OpenMatterKind
    id: UUID


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """How the erasure of a person stands. `attempt_id` names the present or last try."""

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
        """At the beginning."""
        return cls(
            user_id=user_id, requested_by=by, requested_at=now, state=ErasureState.RUNNING, attempt_id=new_id()
        )

    def tried_again(self) -> Self:
        """Another try begins."""
        return replace(self, state=ErasureState.RUNNING, attempt_id=new_id(), next_check_at=None)

    def waits_for(self, matters: tuple[OpenMatter, ...], now: datetime, pause: timedelta) -> Self:
        """Something is open; it is tried again after the pause."""
        return replace(self, state=ErasureState.WAITING, open=matters, checked_at=now, next_check_at=now + pause)

    def withdrawn(self) -> Self:
        """The person stays. Raises ErasureRunning unless it waits."""
        if self.state is ErasureState.RUNNING:
            raise ErasureRunning
        if self.state is not ErasureState.WAITING:
            raise ErasureNotFound
        return replace(self, state=ErasureState.WITHDRAWN, next_check_at=None)

    def done(self, now: datetime) -> Self:
        """The person is erased everywhere."""
        return replace(self, state=ErasureState.ERASED, open=(), checked_at=now, next_check_at=None, erased_at=now)


@dataclass(frozen=True, kw_only=True)
class ErasureProcess:
    """The state of the saga `users.erasure`: one try; `open` is what stood in its way."""

    user_id: UUID
    attempt_id: UUID
    open: tuple[OpenMatter, ...] = ()
