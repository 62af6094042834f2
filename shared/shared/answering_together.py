"""Answers requests that wait for the same method in one transaction.

    @answers(CheckOut, together=read_in_advance)

`read_in_advance(work, [asked, …])` reads at once, for all of them, what the method reads for one, so
that a statement serves the whole batch; `nothing_in_advance` reads nothing. The method itself stays that of one
request. If a request fails, the transaction is rolled back and each request is answered alone. A request that is
refused before it has changed anything does not disturb the others.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.auth import Caller
from shared.errors import Refusal
from shared.work import Work

if TYPE_CHECKING:
    from shared.answering import Answering, RequestType

Json = dict[str, Any]


class NotTogether(Exception):
    """These requests have to be answered one by one."""


@dataclass(frozen=True)
class Asked:
    """A request of a batch; `context` has its trace and its span."""

    caller: Caller
    requested: "RequestType"
    context: Callable[[], AbstractContextManager[Any]] = nullcontext

    @property
    def request(self) -> Any:
        return self.requested.request

    @property
    def prepared(self) -> Any:
        """The result of the method's `before` function."""
        return self.requested.prepared[0]


InAdvance = Callable[[Any, Sequence[Asked]], None]


def nothing_in_advance(work: Any, batch: Sequence[Asked]) -> None:
    """For methods whose requests share no more than the transaction."""


def answer_together(answering: "Answering", service: Any, batch: Sequence[Asked]) -> list[Json | Refusal]:
    """The answers, or refusals, in order. Raises NotTogether or any other exception after a rollback."""
    assert answering.in_advance
    with service.work() as work:
        _claim(answering, work, batch)
        answering.in_advance(work, batch)
        return [_one(answering, service, work, asked) for asked in batch]


def _claim(answering: "Answering", work: Work, batch: Sequence[Asked]) -> None:
    name = answering.contract.name
    work.claim(
        (asked.caller, name, asked.requested.key, answering.fingerprint(asked.requested))
        for asked in batch
        if asked.requested.key is not None
    )


def _one(answering: "Answering", service: Any, work: Work, asked: Asked) -> Json | Refusal:
    before = work.writes
    try:
        with asked.context():
            return answering.within(service, work, asked.caller, asked.requested, alone=False)
    except Refusal as refusal:
        if work.writes != before:
            raise NotTogether from refusal
        if asked.requested.key is not None:
            work.release(asked.caller, answering.contract.name, asked.requested.key)
        return refusal
