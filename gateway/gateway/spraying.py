"""Password spraying: one address whose sign-ins into many different accounts fail.

A lock on each account does not detect it, since no account is tried often. It is reported to the operators (a
metric with an alert, and a log line with the address); the rate limit on signing in bounds its speed.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import Counter

from shared import observe

ACCOUNTS = 20  # different accounts with a wrong password, from one address ...
WITHIN = 3600.0  # ... within this many seconds
MOST = 10_000  # addresses; the one that failed first is removed first

sprayed = Counter("jishi_sign_in_sprayed_total", "Addresses whose sign-ins failed for many different accounts")


@dataclass
class _Tries:
    since: float
    accounts: set[bytes] = field(default_factory=set)


class SprayWatch:
    """The accounts for which each address failed, as digests keyed by this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._salt = clock, secrets.token_bytes(16)
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def failed(self, address: str, account: str) -> None:
        """Record a failed sign-in; report the address when it reaches the limit of accounts."""
        tries = self._tries_of(address)
        if len(tries.accounts) >= ACCOUNTS:
            return
        tries.accounts.add(hashlib.blake2b(account.strip().lower().encode(), key=self._salt).digest()[:8])
        if len(tries.accounts) == ACCOUNTS:
            sprayed.inc()
            observe.log.warning("sign-ins fail for many accounts", address=address, accounts=ACCOUNTS)

    def _tries_of(self, address: str) -> _Tries:
        known, now = self._tries.get(address), self._clock()
        if known is None or now - known.since > WITHIN:
            self._tries.pop(address, None)
            known = self._tries[address] = _Tries(now)
        if len(self._tries) > MOST:
            self._tries.popitem(last=False)
        return known
