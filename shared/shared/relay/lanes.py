"""The order in which claimed rows are published: one at a time per lane, the next after the confirm."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator

from shared.relay.rows import Row


class Lanes:
    """Claimed rows by lane (`Row.lane`), oldest first.

    The first row of a lane is ready, in flight (published), refused (to be retried) or confirmed (not yet marked
    as sent). It is removed once it is marked as sent or has failed.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Row]] = {}
        self._held: set[int] = set()
        self._ready: deque[str] = deque()  # lanes
        self._in_flight: set[int] = set()
        self._refused: set[int] = set()
        self._confirmed: set[int] = set()

    def __len__(self) -> int:
        """The number of rows held, published or not."""
        return len(self._held)

    @property
    def positions(self) -> Collection[int]:
        """The positions of the rows held."""
        return self._held

    @property
    def in_flight(self) -> int:
        """The number of published, unconfirmed rows, including refused ones that wait for a retry."""
        return len(self._in_flight) + len(self._refused)

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
        """Yield the rows that may be published now, while fewer than `most` are in flight."""
        while self._ready and self.in_flight < most:
            row = self._lanes[self._ready.popleft()][0]
            self._in_flight.add(row.position)
            yield row

    def confirm(self, row: Row) -> None:
        """Record that the broker has confirmed the row."""
        if row.position in self._held:
            self._in_flight.discard(row.position)
            self._confirmed.add(row.position)

    def remove(self, row: Row) -> None:
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

    def refuse(self, row: Row) -> None:
        """Hold back a row that the broker refused until retry() is called."""
        if row.position in self._held:
            self._in_flight.discard(row.position)
            self._refused.add(row.position)

    def retry(self, row: Row) -> None:
        """Make a refused row ready, before all others."""
        if row.position in self._refused:
            self._refused.discard(row.position)
            self._ready.appendleft(row.lane)

    def drop(self, lane: str) -> list[Row]:
        """Remove a lane and return its rows."""
        rows = self._lanes.pop(lane, deque())
        for row in rows:
            self._forget(row)
        return list(rows)

    def reset(self) -> None:
        """After the connection is lost: make all unconfirmed rows ready again, oldest first."""
        self._in_flight.clear()
        self._refused.clear()
        firsts = [lane[0] for lane in self._lanes.values() if lane[0].position not in self._confirmed]
        self._ready = deque(row.lane for row in sorted(firsts, key=lambda row: row.position))

    def _forget(self, row: Row) -> None:
        for places in (self._held, self._in_flight, self._refused, self._confirmed):
            places.discard(row.position)
