"""The loop that makes provider calls."""

from typing import Any

from shared.entrypoints import every
from shared.provider_calls.work import calls_asked


class Providers:
    """To be inherited by a service with `work`, `wechat` (the provider) and `worker`."""

    work: Any
    wechat: Any
    worker: Any

    @every(seconds=0)
    def call_providers(self) -> None:
        self.worker.run(self.work, self.wechat, calls_asked)
