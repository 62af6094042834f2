"""The sagas of a service within one transaction: `work.sagas.start("orders.checkout", checkout_id, state)`.

A use case knows only the stable name and the state of a saga, not its steps: sagas import use cases, and use
cases import no sagas.
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
    """The given state is not of the type that the saga's steps work on."""


@dataclass(frozen=True)
class SagasOfWork:
    """Starts and cancels sagas as part of a transaction."""

    engine: "Engine"
    work: Work

    def start(self, name: str, key: object, state: State) -> UUID:
        """Start a saga and return its id; if one with this business key exists, return the id of that one.

        Raises SagaNotDefined, WrongState.
        """
        return self.engine.start(self.work, self._fitting(name, state), key, state)

    def start_new(self, name: str, key: object, state: State) -> UUID:
        """Start a saga whose business key and resources were made in this transaction; return its id.

        Raises SagaNotDefined, WrongState, and at the commit a unique violation if the key was used before.
        """
        return self.engine.start_new(self.work, self._fitting(name, state), key, state)

    def cancel(self, name: str, key: object, reason: str) -> bool:
        """Cancel a saga. Returns False past the pivot: its result must then be cancelled by other means.

        Raises SagaNotFound, SagaNotDefined.
        """
        return self.engine.cancel(self.work, self._saga(name), key, reason)

    def _fitting(self, name: str, state: State) -> Saga:
        saga = self._saga(name)
        if not isinstance(state, saga.state):
            raise WrongState(f"{name} starts with {saga.state.__name__}, not {type(state).__name__}")
        return saga

    def _saga(self, name: str) -> Saga:
        saga = self.engine.sagas.get(name)
        if saga is None:
            raise SagaNotDefined(name)
        return saga


class SagaWork:
    """Mixin for the work class of a service with sagas; `sagas = Sagas(Work, …)` sets its engine."""

    saga_engine: ClassVar["Engine"]

    @cached_property
    def sagas(self) -> SagasOfWork:
        """The service's sagas in this transaction."""
        return SagasOfWork(self.saga_engine, self)
