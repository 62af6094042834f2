"""Token buckets in the memory of this process."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST = 100_000  # senders; the least recently used one is removed first


class LocalBuckets:
    """The tokens left in each bucket, and when they were counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._clock, self._most = clock, most
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, rate: float, burst: int) -> float:
        """Take one token and return the number left; negative if there was none."""
        now = self._clock()
        left, at = self._kept.pop(key, (burst, now))
        left = min(burst, left + (now - at) * rate)
        self._kept[key] = (left - 1 if left >= 1 else left, now)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return left - 1

    def lower(self, key: str, left: float) -> None:
        """Others have used this bucket too: no more than so many tokens are left."""
        kept = self._kept.get(key)
        if kept and left < kept[0]:
            self._kept[key] = left, self._clock()
