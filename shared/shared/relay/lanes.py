"""The order in which claimed rows are published: one at a time per lane, the next after the confirm."""

from collections import deque
from collections.abc import Iterable, Iterator

from shared.relay.rows import Row


class Lanes:
    """Claimed rows by lane (`Row.lane`), oldest first.

    The first row of a lane is ready, flying (published), resting (refused, to be retried) or landed
    (confirmed, not yet marked as sent). It leaves the lane when it is settled.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Row]] = {}
        self._held: set[int] = set()
        self._ready: deque[str] = deque()  # lanes
        self._flying: set[int] = set()
        self._resting: set[int] = set()
        self._landed: set[int] = set()

    def __len__(self) -> int:
        """The number of rows held, published or not."""
        return len(self._held)

    @property
    def flying(self) -> int:
        """The number of rows published and not yet confirmed, including refused ones that wait for a retry."""
        return len(self._flying) + len(self._resting)

    def add(self, rows: Iterable[Row]) -> None:
        """Add claimed rows, sorted by position. Rows that are held already keep their place."""
        for row in rows:
            if row.position not in self._held:
                self._held.add(row.position)
                lane = self._lanes.setdefault(row.lane, deque())
                lane.append(row)
                if len(lane) == 1:
                    self._ready.append(row.lane)

    def next(self, most: int) -> Iterator[Row]:
        """Yield the rows that may be published now, while fewer than `most` are flying."""
        while self._ready and self.flying < most:
            row = self._lanes[self._ready.popleft()][0]
            self._flying.add(row.position)
            yield row

    def land(self, row: Row) -> None:
        """Note that the row is confirmed."""
        if row.position in self._held:
            self._flying.discard(row.position)
            self._landed.add(row.position)

    def settled(self, row: Row) -> None:
        """Remove a row that is marked as sent or has failed; the next row of its lane becomes ready."""
        if row.position not in self._held:
            return
        lane = self._lanes[row.lane]
        lane.popleft()
        self._forget(row)
        if lane:
            self._ready.append(row.lane)
        else:
            del self._lanes[row.lane]

    def rest(self, row: Row) -> None:
        """Hold a row that the broker refused until again() is called."""
        if row.position in self._held:
            self._flying.discard(row.position)
            self._resting.add(row.position)

    def again(self, row: Row) -> None:
        """Make a resting row ready, before all others."""
        if row.position in self._resting:
            self._resting.discard(row.position)
            self._ready.appendleft(row.lane)

    def give_up(self, lane: str) -> list[Row]:
        """Remove a lane and return its rows."""
        rows = self._lanes.pop(lane, deque())
        for row in rows:
            self._forget(row)
        return list(rows)

    def grounded(self) -> None:
        """After the connection is lost: make all unconfirmed rows ready again, oldest first."""
        self._flying.clear()
        self._resting.clear()
        firsts = [lane[0] for lane in self._lanes.values() if lane[0].position not in self._landed]
        self._ready = deque(row.lane for row in sorted(firsts, key=lambda row: row.position))

    def _forget(self, row: Row) -> None:
        for places in (self._held, self._flying, self._resting, self._landed):
            places.discard(row.position)
