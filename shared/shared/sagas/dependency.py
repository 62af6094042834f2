"""The sagas of a service as a nameko dependency: `sagas = Sagas(checkout, refund)`, then `self.sagas`."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.sagas.definition import Saga
from shared.sagas.engine import Engine


class Sagas(DependencyProvider):
    """Gives every worker the engine; it keeps nothing between transactions."""

    def __init__(self, *sagas: Saga) -> None:
        super().__init__()
        self.engine = Engine(*sagas)

    def get_dependency(self, worker_ctx: Any) -> Engine:  # noqa: ARG002 - nameko's signature
        return self.engine
