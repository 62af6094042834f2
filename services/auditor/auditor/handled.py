"""Whether every message that left was handled by all who listen to it.

What is found complete is not looked at again: a position is kept up to which all is known, and the rows that were
not complete there. Rows of a transaction that has not ended yet stand before later ones; so the position stays
behind what is younger than any transaction can be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from auditor.checks import Counted, Finding, Json, Queries, Repair, timestamp
from shared.contracts.auditing.requests import AuditHandled, AuditSent, AuditSubscriptions, Resend

HORIZON = timedelta(minutes=2)  # no transaction of ours takes as long
MOST = 500  # ids that are asked for at once
Received = tuple[str, bool]  # a topic, and whether it is the replies of it
Consumers = dict[str, dict[Received, dict[str, datetime]]]  # service → what it hears → consumer → since when
Missing = tuple[Json, str, Json]  # an outbox row, a service, and what it says of the message


@dataclass
class Memory:
    """What is known of one sender's outbox: `open` are the rows up to `upto` that are not complete."""

    upto: int = 0
    open: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)  # id, and when it is due
    halted: bool = False

    @classmethod
    def of(cls, known: Json) -> "Memory":
        """What dump() gave."""
        rows = {int(at): (message, timestamp(due)) for at, message, due in known.get("open", ())}
        return cls(upto=known.get("upto", 0), open=rows)

    def dump(self) -> Json:
        """The same as JSON."""
        rows = [[at, message, due and due.isoformat()] for at, (message, due) in self.open.items()]
        return {"upto": self.upto, "open": rows}

    def due(self) -> list[str]:
        """The messages that may be complete by now."""
        now = datetime.now(UTC)
        return sorted({message for message, due in self.open.values() if due is None or due <= now})

    def note(self, rows: Sequence[Json], missed: set[int]) -> None:
        """Keep what this look has shown of these rows."""
        for row in rows:
            if self._reaches(row):
                if row["sent_at"] is None or row["position"] in missed:
                    self.open[row["position"]] = (row["message_id"], timestamp(row["not_before"]))
                else:
                    self.open.pop(row["position"], None)

    def drop(self, messages: set[str]) -> None:
        """They are not in the outbox any more."""
        self.open = {at: known for at, known in self.open.items() if known[0] not in messages}

    def _reaches(self, row: Json) -> bool:
        """Whether all is known up to this row; behind the first that is too young nothing is."""
        if row["position"] <= self.upto:
            return True
        published_at = timestamp(row["published_at"])
        assert published_at
        self.halted |= published_at > datetime.now(UTC) - HORIZON
        if not self.halted:
            self.upto = row["position"]
        return not self.halted


class Handled:
    """The check, with what it remembers of each sender."""

    def __init__(self, services: Sequence[str]) -> None:
        self.services = tuple(services)
        self.load({})

    def load(self, memory: Json) -> None:
        """Go on from what was remembered; from nothing: begin anew."""
        self._memories = {service: Memory.of(memory.get(service, {})) for service in self.services}

    def dump(self) -> Json:
        """What is known of each sender."""
        return {service: memory.dump() for service, memory in self._memories.items()}

    def look(self, queries: Queries) -> Iterator[Counted | Finding]:
        """Compare what was sent with what was handled."""
        consumers = {service: _subscriptions(queries, service) for service in self.services}
        for sender in self.services:
            self._memories[sender].halted = False
            for rows in self._pages(queries, sender):
                yield Counted(len(rows))
                missing = list(_missing(queries, consumers, rows))
                self._memories[sender].note(rows, {row["position"] for row, _, _ in missing})
                yield from (_finding(sender, *one) for one in missing if one[2]["letter"] != "open")

    def _pages(self, queries: Queries, sender: str) -> Iterator[list[Json]]:
        """What is new, then what was not complete."""
        memory = self._memories[sender]
        due = memory.due()
        for page in queries.pages(AuditSent.contract.at(sender), after=memory.upto):
            if page["end"] < memory.upto:  # another database, or an older one: nothing is known of it
                self._memories[sender] = Memory()
                yield from self._pages(queries, sender)
                return
            yield page["items"]
        for start in range(0, len(due), MOST):
            ids = due[start : start + MOST]
            rows = queries.call(AuditSent.contract.at(sender), {"ids": ids})["items"]
            memory.drop(set(ids) - {row["message_id"] for row in rows})
            yield rows


def _subscriptions(queries: Queries, service: str) -> dict[Received, dict[str, datetime]]:
    """The consumers of a service by what they hear, with the moment since when each hears it."""
    found: dict[Received, dict[str, datetime]] = {}
    for item in queries.call(AuditSubscriptions.contract.at(service), {})["items"]:
        since = timestamp(item["since"])
        assert since
        found.setdefault((item["topic"], item["replies"]), {})[item["consumer"]] = since
    return found


def _missing(queries: Queries, consumers: Consumers, rows: Sequence[Json]) -> Iterator[Missing]:
    """What a consumer should have and has not handled, unless a person has put it away."""
    for service, received in consumers.items():
        due = {row["message_id"]: row for row in rows if row["sent_at"] and _is_for(service, received, row)}
        requested: Json = {"messages": {}, "replies": {}}
        for message_id, row in due.items():
            which = requested["replies" if row["is_reply"] else "messages"]
            which.setdefault(row["topic"], []).append(message_id)
        for item in queries.call(AuditHandled.contract.at(service), requested)["items"] if due else ():
            row = due[item["message_id"]]
            since = received[row["topic"], row["is_reply"]].get(item["consumer"])
            if since and _timestamp_of(row, "published_at") >= since and item["letter"] != "archived":
                yield row, service, item


def _is_for(service: str, received: dict[Received, dict[str, datetime]], row: Json) -> bool:
    addressed = row["queue"] is None or row["queue"].partition(":")[0] == service
    return addressed and (row["topic"], row["is_reply"]) in received


def _finding(sender: str, row: Json, service: str, item: Json) -> Finding:
    retried = timestamp(item["closed_at"])
    sent_at = _timestamp_of(row, "sent_at")
    return Finding(
        check="messages.handled",
        about=f"message {row['message_id']} at {item['consumer']}",
        detail=f"{row['topic']} of {sender}, sent {row['sent_at']}",
        facts={**row, **item},
        since=max(sent_at, retried) if retried else sent_at,
        repair=Repair(
            method=Resend.contract.at(sender),
            request={"message_id": row["message_id"], "to": service},
            words=f"send it once more, to {service} alone",
        ),
    )


def _timestamp_of(row: Json, name: str) -> datetime:
    found = timestamp(row[name])
    assert found
    return found
