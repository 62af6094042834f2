"""Sagas: every one comes to its end in time, or is stuck and listed, and people see to those."""

from collections.abc import Iterator
from datetime import UTC, datetime

from auditor import bounds
from auditor.checks import Check, Counted, Finding, Json, Listed, Queries, Repair, timestamp
from shared.contracts.auditing.requests import AuditSagas, WakeSaga

SERVICES = ("orders", "users")  # those with sagas
SEE_TO = "resume, skip or cancel it in the operator's view (docs/operating.md)"


def in_time(queries: Queries) -> Iterator[Counted | Finding | Listed]:
    """Sagas whose present wait is over, and that did not move. Those that are stuck are listed."""
    for service, page in _pages(queries):
        yield Counted(page["checked"])
        for saga in page["items"]:
            due = timestamp(saga["deadline"])
            if saga["status"] == "stuck":
                yield Listed(f"{_about(saga)}: {_stands(saga)}")
            elif due and due < datetime.now(UTC):
                yield _late(service, saga, due)


def seen_to(queries: Queries) -> Iterator[Counted | Finding]:
    """Sagas that have been stuck for longer than a person may take."""
    for _, page in _pages(queries):
        stuck = [saga for saga in page["items"] if saga["status"] == "stuck"]
        yield Counted(len(stuck))
        for saga in stuck:
            since = timestamp(saga["updated_at"])
            if since and datetime.now(UTC) - since > bounds.unseen():
                detail = f"{_stands(saga)} since {saga['updated_at']}"
                yield Finding(check="sagas.seen_to", about=_about(saga), detail=detail, facts=saga, advice=SEE_TO)


def _pages(queries: Queries) -> Iterator[tuple[str, Json]]:
    """Every page of each service's sagas, with its service."""
    for service in SERVICES:
        for page in queries.pages(AuditSagas.contract.at(service)):
            yield service, page


def _late(service: str, saga: Json, due: datetime) -> Finding:
    return Finding(
        check="sagas.in_time",
        about=_about(saga),
        detail=f"{_stands(saga)}, asked {saga['tries']} times, its wait was over at {saga['deadline']}",
        facts=saga,
        since=due,
        repair=Repair(
            method=WakeSaga.contract.at(service),
            request={"saga_id": saga["saga_id"]},
            words="ring it as its timer should have",
        ),
    )


def _about(saga: Json) -> str:
    return f"saga {saga['saga_id']}"


def _stands(saga: Json) -> str:
    return f"{saga['name']} {saga['key']} is {saga['status']} at {saga['step']} ({saga['reason'] or 'no reason'})"


CHECKS = [
    Check(
        name="sagas.in_time",
        sentence="every saga whose wait is over goes on, or is stuck and listed",
        look=in_time,
        by_key=True,
        grace=bounds.unhandled(),
    ),
    Check(
        name="sagas.seen_to",
        sentence="a person has seen to every stuck saga, within its bound",
        look=seen_to,
        by_key=True,
    ),
]
