"""The loop that makes provider calls."""

from typing import Any

from payments.work import calls_asked
from shared.entrypoints import every


class Providers:
    """To be inherited by a service with `work`, `providers` (their registry) and `worker`."""

    work: Any
    providers: Any
    worker: Any

    @every(seconds=0)
    def call_providers(self) -> None:
        self.worker.run(self.work, self.providers, calls_asked)
