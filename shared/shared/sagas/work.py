"""The sagas of a service within one transaction: `work.sagas.start("orders.checkout", checkout_id, state)`.

A use case knows a saga by its stable name and by its state, and nothing of its steps: sagas import use cases,
never the other way round.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from shared.sagas.definition import Saga, State, Work

if TYPE_CHECKING:
    from shared.sagas.engine import Engine


class SagaNotDefined(LookupError):
    """The service has no saga of this name."""


class WrongState(TypeError):
    """A saga starts with another state than its steps work on."""


@dataclass(frozen=True)
class SagasOfWork:
    """What a transaction may do with sagas: it happens with the rest of it, or not at all."""

    engine: "Engine"
    work: Work

    def start(self, name: str, key: object, state: State) -> UUID:
        """Start a saga and return its id; a second one with the same business key is the first one.

        Raises SagaNotDefined, WrongState.
        """
        saga = self._saga(name)
        if not isinstance(state, saga.state):
            raise WrongState(f"{name} starts with {saga.state.__name__}, not {type(state).__name__}")
        return self.engine.start(self.work, saga, key, state)

    def cancel(self, name: str, key: object, reason: str) -> bool:
        """Turn a saga back. False when it is past its pivot: what it made must be cancelled by other means.

        Raises SagaNotFound, SagaNotDefined.
        """
        return self.engine.cancel(self.work, self._saga(name), key, reason)

    def _saga(self, name: str) -> Saga:
        saga = self.engine.sagas.get(name)
        if saga is None:
            raise SagaNotDefined(name)
        return saga


class SagaWork:
    """To be inherited by the work of a service with sagas; `sagas = Sagas(Work, …)` gives it the engine."""

    saga_engine: ClassVar["Engine"]

    @cached_property
    def sagas(self) -> SagasOfWork:
        """The service's sagas in this transaction."""
        return SagasOfWork(self.saga_engine, self)
