"""The background loop that makes provider calls."""

from typing import Any

from shared.entrypoints import every
from shared.provider_calls.work import calls_requested


class Providers:
    """Mixin for a service with `work` and `worker`."""

    work: Any
    worker: Any

    @every(seconds=0)
    def call_providers(self) -> None:
        self.worker.run(self.work, calls_requested)
