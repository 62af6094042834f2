"""Whether every message that was sent was handled by all its consumers.

Complete messages are not checked again: per sender, the check keeps a position up to which all rows are known, and
the rows before it that are not complete. A transaction that is still open may hold lower positions than committed
ones, so the position stays behind rows that are younger than any transaction can be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from auditor.checks import Counted, Finding, Json, Queries, Repair, timestamp
from shared.contracts.auditing.requests import AuditHandled, AuditSent, AuditSubscriptions, Resend

HORIZON = timedelta(minutes=2)  # longer than any transaction
MOST = 500  # ids in one request
Received = tuple[str, bool]  # a topic, and whether it is the replies of it
Consumers = dict[str, dict[Received, dict[str, datetime]]]  # service → what it receives → consumer → since when
Missing = tuple[Json, str, Json]  # an outbox row, a service, and its record of the message


@dataclass
class Memory:
    """The state of one sender's outbox: `open` are the rows up to position `upto` that are not complete."""

    upto: int = 0
    open: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)  # id, and when it is due
    halted: bool = False

    @classmethod
    def of(cls, known: Json) -> "Memory":
        """The state that dump() returned."""
        rows = {int(at): (message, timestamp(due)) for at, message, due in known.get("open", ())}
        return cls(upto=known.get("upto", 0), open=rows)

    def dump(self) -> Json:
        """The state as JSON."""
        rows = [[at, message, due and due.isoformat()] for at, (message, due) in self.open.items()]
        return {"upto": self.upto, "open": rows}

    def due(self) -> list[str]:
        """The messages that may be complete by now."""
        now = datetime.now(UTC)
        return sorted({message for message, due in self.open.values() if due is None or due <= now})

    def note(self, rows: Sequence[Json], missed: set[int]) -> None:
        """Record which of these rows are complete; `missed` are the positions of those that are not."""
        for row in rows:
            if self._is_settled(row):
                if row["sent_at"] is None or row["position"] in missed:
                    self.open[row["position"]] = (row["message_id"], timestamp(row["not_before"]))
                else:
                    self.open.pop(row["position"], None)

    def drop(self, messages: set[str]) -> None:
        """Forget messages that are no longer in the outbox."""
        self.open = {at: known for at, known in self.open.items() if known[0] not in messages}

    def _is_settled(self, row: Json) -> bool:
        """Whether no row can still appear before this one; false from the first row that is too recent."""
        if row["position"] <= self.upto:
            return True
        created_at = timestamp(row["created_at"])
        assert created_at
        self.halted |= created_at > datetime.now(UTC) - HORIZON
        if not self.halted:
            self.upto = row["position"]
        return not self.halted


class Handled:
    """The check, with its state for each sender."""

    def __init__(self, services: Sequence[str]) -> None:
        self.services = tuple(services)
        self.load({})

    def load(self, memory: Json) -> None:
        """Continue from what dump() returned; an empty dict: start from the beginning."""
        self._memories = {service: Memory.of(memory.get(service, {})) for service in self.services}

    def dump(self) -> Json:
        """The state for each sender, as JSON."""
        return {service: memory.dump() for service, memory in self._memories.items()}

    def run(self, queries: Queries) -> Iterator[Counted | Finding]:
        """Compare what was sent with what was handled."""
        consumers = {service: _subscriptions(queries, service) for service in self.services}
        for sender in self.services:
            self._memories[sender].halted = False
            for rows in self._pages(queries, sender):
                yield Counted(len(rows))
                missing = list(_missing(queries, consumers, rows))
                self._memories[sender].note(rows, {row["position"] for row, _, _ in missing})
                yield from (_finding(sender, *one) for one in missing if one[2]["dead_letter_state"] != "open")

    def _pages(self, queries: Queries, sender: str) -> Iterator[list[Json]]:
        """Pages of the new rows, then of those that were not complete."""
        memory = self._memories[sender]
        due = memory.due()
        for page in queries.pages(AuditSent.contract.at(sender), after=memory.upto):
            if page["end"] < memory.upto:  # the database was replaced or restored: start from the beginning
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
    """The consumers of a service by topic, each with the time since when it is subscribed."""
    found: dict[Received, dict[str, datetime]] = {}
    for item in queries.call(AuditSubscriptions.contract.at(service), {})["items"]:
        since = timestamp(item["since"])
        assert since
        found.setdefault((item["topic"], item["replies"]), {})[item["consumer"]] = since
    return found


def _missing(queries: Queries, consumers: Consumers, rows: Sequence[Json]) -> Iterator[Missing]:
    """Messages that a consumer has not handled, except those that an operator has archived."""
    for service, received in consumers.items():
        due = {row["message_id"]: row for row in rows if row["sent_at"] and _is_for(service, received, row)}
        requested: Json = {"messages": {}, "replies": {}}
        for message_id, row in due.items():
            which = requested["replies" if row["is_reply"] else "messages"]
            which.setdefault(row["topic"], []).append(message_id)
        for item in queries.call(AuditHandled.contract.at(service), requested)["items"] if due else ():
            row = due[item["message_id"]]
            since = received[row["topic"], row["is_reply"]].get(item["consumer"])
            if since and _timestamp_of(row, "created_at") >= since and item["dead_letter_state"] != "archived":
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
            description=f"send it again, to {service} only",
        ),
    )


def _timestamp_of(row: Json, name: str) -> datetime:
    found = timestamp(row[name])
    assert found
    return found
