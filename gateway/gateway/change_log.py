"""The ids that changed lately, so that what was read before a change is not taken for the current state."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

MOST = 50_000  # ids; about a minute of changes at the highest rate


class ChangeLog:
    """Counts changes, and remembers the last one of each id; the oldest are forgotten first."""

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self.now = 0  # the number of the last change
        self._last: OrderedDict[str, tuple[int, float]] = OrderedDict()  # number and time
        self._forgotten = 0  # changes up to this one ...
        self._known_since = clock()  # ... and before this time are not remembered

    def note(self, one: str) -> None:
        """Something with this id has changed."""
        self.now += 1
        self._last[one] = self.now, self._clock()
        self._last.move_to_end(one)
        if len(self._last) > self._most:
            _, (self._forgotten, self._known_since) = self._last.popitem(last=False)

    def forget(self) -> None:
        """Changes may have been missed until now."""
        self._last.clear()
        self.now += 1
        self._forgotten, self._known_since = self.now, self._clock()

    def is_unchanged(self, ids: Iterable[str], since: int) -> bool:
        """Whether none of these ids has changed since that change, as far as is known."""
        return since >= self._forgotten and all(self._number(one) <= since for one in ids)

    def is_unchanged_for(self, ids: Iterable[str], seconds: float) -> bool:
        """Whether all changes of so many seconds are known, and none of them is of these ids."""
        return self._clock() - self._known_since >= seconds and not any(one in self._last for one in ids)

    def _number(self, one: str) -> int:
        return self._last[one][0] if one in self._last else 0
