"""The provider call worker of payments: the shared one, whose calls are bound to their provider."""

import threading

from payments.providers.interface import Provider
from payments.providers.procedures import Procedures, ProviderCall, bound
from payments.work import Work
from shared.db import OpenWork
from shared.provider_calls import worker


class ProviderCallWorker:
    """Makes calls to payment providers, at most `at_once` at a time."""

    def __init__(self, procedures: Procedures, at_once: int = 16) -> None:
        self.procedures = procedures
        self._places = worker.Places(at_once)

    def run(self, open_work: OpenWork[Work], provider: Provider, asked: threading.Event) -> None:
        """Wait until a call was asked for here, or a second passed, and start all that is due."""
        self._calling(bound(self.procedures, provider)).run(open_work, asked)

    def claim(self, open_work: OpenWork[Work], many: int) -> list[ProviderCall]:
        """Take up to so many due calls for oneself."""
        return self._calling(self.procedures).claim(open_work, many)

    def carry_out(self, open_work: OpenWork[Work], provider: Provider, provider_call: ProviderCall) -> None:
        """Make a call, then store what it came to."""
        self._calling(self.procedures).carry_out(open_work, provider_call.bound(provider))

    def _calling(self, procedures: Procedures) -> worker.ProviderCallWorker:
        return worker.ProviderCallWorker("payments", procedures, self._places)
