"""The sagas of a service as a nameko dependency: `sagas = Sagas(Work, checkout, refund)`, then `self.sagas`."""

from typing import Any

from nameko.extensions import DependencyProvider

from shared.sagas.definition import Saga
from shared.sagas.engine import Engine
from shared.sagas.work import SagaWork


class Sagas(DependencyProvider):
    """Provides the engine to every worker and every work of the service; it is stateless."""

    def __init__(self, work_class: type[SagaWork], *sagas: Saga) -> None:
        super().__init__()
        self.engine = work_class.saga_engine = Engine(*sagas)

    def get_dependency(self, worker_ctx: Any) -> Engine:  # noqa: ARG002 - nameko's signature
        return self.engine
