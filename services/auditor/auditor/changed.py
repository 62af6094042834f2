"""What changed in the services since a check was proven: the keys that it has to look at again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auditor.checks import Feed, Queries
from shared.contracts.auditing.requests import AuditChanges

# No transaction of ours takes as long: what is older is committed, or never will be.
HORIZON = timedelta(minutes=2)
MOST = 100_000  # keys; if more have changed, all is looked at
Keys = frozenset[str]
Rows = list[dict[str, str | None]]


class TooMany(Exception):
    """So much has changed that looking at everything costs no more."""


@dataclass(frozen=True)
class Clock:
    """The time of a service's database, and which database it is."""

    now: datetime
    database: str


@dataclass
class Changes:
    """The changes in all services as of one pass; each list is asked for once, however many checks need it."""

    queries: Queries
    horizon: timedelta = HORIZON
    _clocks: dict[str, Clock] = field(default_factory=dict)
    _rows: dict[tuple[str, str, str], Rows | None] = field(default_factory=dict)  # None: too many

    def clock(self, service: str) -> Clock:
        """When this pass began, by the service's database. Raises CouldNotLook."""
        if service not in self._clocks:
            told = self.queries.call(AuditChanges.contract.at(service), {})
            self._clocks[service] = Clock(datetime.fromisoformat(told["now"]), told["database"])
        return self._clocks[service]

    def upto(self, service: str) -> str:
        """Up to when everything is seen that will ever be there of that time."""
        return (self.clock(service).now - self.horizon).isoformat()

    def keys(self, feed: Feed, since: str) -> Keys:
        """The keys to which the rows lead that changed after this moment. Raises CouldNotLook, TooMany."""
        place = (feed.service, feed.table, since)
        if place not in self._rows:
            self._rows[place] = self._changed(feed, since)
        if (rows := self._rows[place]) is None:
            raise TooMany
        return frozenset(key for row in rows if (key := row[feed.key]))

    def _changed(self, feed: Feed, since: str) -> Rows | None:
        after, number, rows = None, 0, []
        while True:
            request = {"table": feed.table, "since": since, "after": after, "limit": 1000}
            page = self.queries.call(AuditChanges.contract.at(feed.service), request)
            rows += page["items"]
            number += page["checked"]
            if page["next"] is None:
                return rows
            if number >= MOST:
                return None
            since, after = page["next"]
