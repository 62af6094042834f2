"""A request whose repetitions that wait are answered together. It is not among the declared requests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.permissions import Permission
from shared.requests import Contract, Request

batches = []  # the sizes of the batches that this process has read in advance


@dataclass(frozen=True, kw_only=True)
class Seat:
    """How often the subject was counted, and by which transaction."""

    number: int
    transaction: int


@dataclass(frozen=True, kw_only=True)
class TakeSeat(Request):
    """Count a subject. `then` is "", "pause", "wait", "refuse", "refuse late" or "fail"."""

    subject: str
    party: UUID
    then: str = ""

    contract: ClassVar = Contract(
        method="tally.take_seat", permission=Permission.PUBLIC, answer=Seat, keyed=True, audit=False
    )


def read_in_advance(_work, batch):
    batches.append(len(batch))
