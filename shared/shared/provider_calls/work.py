"""What the work of a service with provider calls inherits."""

import threading
from functools import cached_property

from shared.provider_calls.store import Calls
from shared.work import Work

# Set when a transaction of this process has made a call due: the worker need not find it by looking.
calls_requested = threading.Event()


class CallsWork(Work):
    """A transaction that can have provider calls made."""

    @cached_property
    def calls(self) -> Calls:
        return Calls(self.connection)

    def flush(self) -> bool:
        """Store the outbox, and wake the worker after the commit if a call was made due."""
        urgent = super().flush()
        if self.calls.requested:
            self.after_commit(calls_requested.set)
        return urgent
