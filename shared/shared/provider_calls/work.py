"""The base class for the Work of a service with provider calls."""

import threading
from functools import cached_property

from shared.provider_calls.store import Calls
from shared.work import Work

# Set when a transaction of this process has made a call due, so that the worker need not poll for it.
calls_requested = threading.Event()


class CallsWork(Work):
    """A transaction that can request provider calls."""

    @cached_property
    def calls(self) -> Calls:
        return Calls(self.connection)

    def flush(self) -> bool:
        """Insert the outbox rows, and wake the worker after the commit if a call was made due."""
        due = super().flush()
        if self.calls.requested:
            self.after_commit(calls_requested.set)
        return due
