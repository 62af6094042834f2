"""The registry of payment providers as a dependency of the service."""

from typing import Any

from nameko.extensions import DependencyProvider

from payments.providers.registry import Registry
from payments.work import Work
from shared import observe


class PaymentProviders(DependencyProvider):
    """Provides the registry to every worker and `Work` of the service; connects it when the process starts."""

    def __init__(self, work_class: type[Work], registry: Registry) -> None:
        super().__init__()
        self.registry = work_class.providers = registry

    def setup(self) -> None:
        observe.log.info("payment providers", enabled=self.registry.connect())

    def get_dependency(self, worker_ctx: Any) -> Registry:  # noqa: ARG002 - nameko's signature
        return self.registry
