"""What changed in the services since a check last ran: the keys that it has to check again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auditor.checks import Feed, Queries
from shared.contracts.auditing.requests import AuditChanges

# Longer than any transaction: an older change is committed or rolled back.
HORIZON = timedelta(minutes=2)
MOST = 100_000  # changed rows; if there are more, everything is checked
Keys = frozenset[str]
Rows = list[dict[str, str | None]]


class TooMany(Exception):
    """So much has changed that checking everything costs no more."""


@dataclass(frozen=True)
class Clock:
    """The time of a service's database, and the database's identity."""

    now: datetime
    database: str


@dataclass
class Changes:
    """The changes in all services as of one audit; each list is requested once for all checks."""

    queries: Queries
    horizon: timedelta = HORIZON
    _clocks: dict[str, Clock] = field(default_factory=dict)
    _rows: dict[tuple[str, str, str], Rows | None] = field(default_factory=dict)  # None: too many

    def clock(self, service: str) -> Clock:
        """When this audit began, by the service's database. Raises AuditIncomplete."""
        if service not in self._clocks:
            reply = self.queries.call(AuditChanges.contract.at(service), {})
            self._clocks[service] = Clock(datetime.fromisoformat(reply["now"]), reply["database"])
        return self._clocks[service]

    def upto(self, service: str) -> str:
        """The time before which no further change can be committed."""
        return (self.clock(service).now - self.horizon).isoformat()

    def keys(self, feed: Feed, since: str) -> Keys:
        """The feed's keys of the rows that changed after `since`. Raises AuditIncomplete, TooMany."""
        source = (feed.service, feed.table, since)
        if source not in self._rows:
            self._rows[source] = self._changed(feed, since)
        if (rows := self._rows[source]) is None:
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
